(* One unit: the tree of cones, and the hyperplanes and the gradient of its local form. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound.
From Exactsurf Require Evaluate CheckUnitwise.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.

(* ---- Named lists ---- *)
Lemma find_In {A} name (l : U.named A) a : U.find name l = Some a -> In (name, a) l.
Proof. induction l as [|[n b] l IH]; simpl; [discriminate|]. destruct (Z.eqb_spec n name); intros H; [inversion H; subst; auto|auto]. Qed.

Lemma mem_In {A} name (l : U.named A) : U.mem name l = true <-> In name (map fst l).
Proof.
  unfold U.mem. induction l as [|[n b] l IH]; simpl; [split; [discriminate|tauto]|]. destruct (Z.eqb_spec n name) as [E|E].
  - split; auto. - rewrite IH. split; auto. intros [F|F]; [congruence|auto].
Qed.

Lemma twice_NoDup {A} (l : U.named A) : U.twice l = false -> NoDup (map fst l).
Proof.
  induction l as [|[n a] l IH]; simpl; [constructor|]. destruct (U.mem n l) eqn:M; [discriminate|]. intros H. constructor; auto.
  intros F. apply mem_In in F. congruence.
Qed.

Lemma take_from_spec {A} i (l passed : U.named A) a others : U.take_from i l passed = Some (a, others) ->
  forall e, In e passed \/ In e l -> e = (i, a) \/ In e others.
Proof.
  revert passed. induction l as [|[n b] l IH]; intros passed H e He; simpl in H; [discriminate|].
  destruct (Z.eqb_spec n i) as [E|E].
  - inversion H; subst. rewrite rev_onto_spec. destruct He as [He|[He|He]].
    + right. apply in_app_iff. left. now apply in_rev in He. + left. now symmetry. + right. apply in_app_iff. auto.
  - apply (IH _ H). simpl. destruct He as [He|[He|He]]; auto.
Qed.

(* A direction for which one of two signs holds at every split reaches a leaf. *)
Lemma walk_sound_in {M} is_plane leaf empty (obeys : U.signs -> Prop) (Goal : Prop) (listed : M -> Prop) :
  (forall ss (mu : M), listed mu -> leaf ss mu = true -> obeys ss -> Goal) -> (forall ss la, empty ss la = true -> obeys ss -> Goal) ->
  (forall c ss, is_plane c = true -> obeys ss -> obeys ((c, true) :: ss) \/ obeys ((c, false) :: ss)) ->
  forall nodes i pending, (forall mu, In (U.Multipliers mu) nodes -> listed mu) -> U.walk is_plane leaf empty i pending nodes = true -> (exists k ss, In (k, ss) pending /\ obeys ss) -> Goal.
Proof.
  intros HL HE HS. induction nodes as [|nd rest IH]; intros i pending HIN H [k [ss [Hin Ho]]]; cbn [U.walk] in H.
  2: assert (HIN' : forall mu, In (U.Multipliers mu) rest -> listed mu) by (intros; apply HIN; now right).
  - destruct pending; [destruct Hin|discriminate].
  - destruct (U.take_from i pending []) as [[ts others]|] eqn:T; [|discriminate].
    destruct (take_from_spec _ _ _ _ _ T (k, ss) (or_intror Hin)) as [E|E].
    + inversion E; subst. destruct nd as [c p m|mu|la].
      * match type of H with (if ?b then _ else _) = _ => destruct b eqn:B; [|discriminate] end.
        split_and B. destruct (HS c ts) as [O|O]; auto.
        -- eapply IH; eauto. exists p, ((c, true) :: ts). simpl; auto. -- eapply IH; eauto. exists m, ((c, false) :: ts). simpl; auto.
      * destruct (leaf ts mu) eqn:L; [|discriminate]. apply (HL ts mu); auto. apply HIN. now left.
      * destruct (empty ts la) eqn:L; [|discriminate]. eauto.
    + destruct nd as [c p m|mu|la].
      * match type of H with (if ?b then _ else _) = _ => destruct b; [|discriminate] end.
        eapply IH; eauto. exists k, ss. simpl; auto.
      * destruct (leaf ts mu); [|discriminate]. eapply IH; eauto.
      * destruct (empty ts la); [|discriminate]. eapply IH; eauto.
Qed.

Lemma walk_sound {M} is_plane leaf empty (obeys : U.signs -> Prop) (Goal : Prop) :
  (forall ss (mu : M), leaf ss mu = true -> obeys ss -> Goal) -> (forall ss la, empty ss la = true -> obeys ss -> Goal) ->
  (forall c ss, is_plane c = true -> obeys ss -> obeys ((c, true) :: ss) \/ obeys ((c, false) :: ss)) ->
  forall nodes i pending, U.walk is_plane leaf empty i pending nodes = true -> (exists k ss, In (k, ss) pending /\ obeys ss) -> Goal.
Proof. intros HL HE HS nodes i pending HW HP. exact (walk_sound_in is_plane leaf empty obeys Goal (fun _ => True) (fun ss mu _ => HL ss mu) HE HS nodes i pending (fun _ _ => I) HW HP). Qed.

(* ---- Vectors ---- *)
Definition ints (v : list Z) : list R := map IZR v.

Lemma add_scaled_R D m v : forall acc d, length acc = length v ->
  dot (map (real D) (U.add_scaled m acc v)) d = dot (map (real D) acc) d + real D m * dot (ints v) d.
Proof.
  unfold U.add_scaled. induction v as [|n v IH]; intros [|a acc] [|x d] H; try discriminate; simpl; rewrite ?tzip_zip; simpl; try lra.
  specialize (IH acc d ltac:(simpl in H; lia)). rewrite tzip_zip in IH. rewrite IH. rewrite real_plus. unfold real. rewrite mult_IZR. lra.
Qed.

Lemma add_scaled_length m acc v : length acc = length v -> length (U.add_scaled m acc v) = length v.
Proof. unfold U.add_scaled. rewrite tzip_zip. apply zip_length. Qed.

Lemma combination_R n l v D d : U.combination n l = (v, D) -> (forall vm, In vm l -> length (fst vm) = length n) ->
  length v = length n /\ dot (map (real D) v) d = sum l (fun vm => Q2R (snd vm) * dot (ints (fst vm)) d).
Proof.
  unfold U.combination. destruct (align (tmap snd l)) as [ms D'] eqn:A. intros H Hl. inversion H; subst D'. clear H.
  pose proof (align_R (tmap snd l)) as AR. rewrite A in AR. cbn [fst snd] in AR. rewrite !tmap_map in AR. rewrite tzip_zip, tmap_map.
  assert (G : forall (l : list (list Z * Q)) ms acc, map (real D) ms = reals (map snd l) -> length acc = length n -> (forall vm, In vm l -> length (fst vm) = length n) ->
     length (fold (fun acc vm => U.add_scaled (snd vm) acc (fst vm)) acc (zip (fun v m => (fst v, m)) l ms)) = length n
     /\ dot (map (real D) (fold (fun acc vm => U.add_scaled (snd vm) acc (fst vm)) acc (zip (fun v m => (fst v, m)) l ms))) d
     = dot (map (real D) acc) d + sum l (fun vm => Q2R (snd vm) * dot (ints (fst vm)) d)).
  { clear. induction l as [|[u q] l IH]; intros [|m ms] acc E La Hl; simpl in E; try discriminate; cbn [zip fold fst snd sum].
    - split; auto. lra.
    - inversion E as [[E1 E2]]. assert (Lu : length u = length n) by (apply (Hl (u, q)); simpl; auto).
      destruct (IH ms (U.add_scaled m acc u)) as [B1 B2]; auto.
      + rewrite add_scaled_length; congruence. + intros; apply Hl; simpl; auto.
      + split; auto. rewrite B2, add_scaled_R by congruence. rewrite E1. lra. }
  destruct (G l ms (map (fun _ => 0%Z) n) AR ltac:(apply map_length) Hl) as [B1 B2]. split; auto. rewrite B2.
  assert (Z0 : dot (map (real D) (map (fun _ : Q => 0%Z) n)) d = 0).
  { clear. revert d. induction n; intros [|x d]; simpl; auto. rewrite IHn, real_0. lra. }
  rewrite Z0. lra.
Qed.

Lemma equal_to_R D v : forall g, U.equal_to D v g = true -> map (real D) v = reals g.
Proof.
  induction v as [|a v IH]; intros [|q g] H; simpl in *; try discriminate; auto. apply both in H as [H1 H2]. apply Z.eqb_eq in H1.
  f_equal; [|now apply IH]. destruct q as [n e]. rewrite Q2R_make. now apply equal_real.
Qed.

(* ---- The local form of a unit ---- *)
Definition pform (f : U.local_form) (d : list R) : R :=
  dot (reals (U.gradient f)) d + sum (U.planes f) (fun np => Q2R (U.kappa f (snd np)) * Rabs (dot (ints (U.normal (snd np))) d)).

Record good_form (f : U.local_form) (n : nat) : Prop := {
  form_gradient : length (U.gradient f) = n;
  form_names : NoDup (map fst (U.planes f));
  form_normals : forall np, In np (U.planes f) -> length (U.normal (snd np)) = n /\ ~ Forall (fun x => x = 0) (ints (U.normal (snd np)));
  form_unit : 0 <= Q2R (U.kappa_unit f) }.

Definition obeys (f : U.local_form) (d : list R) (ss : U.signs) : Prop :=
  forall c b p, In (c, b) ss -> In (c, p) (U.planes f) -> if b : bool then 0 < dot (ints (U.normal p)) d else dot (ints (U.normal p)) d < 0.

Lemma listed_spec f l found : U.listed f l = Some found ->
  map fst found = map fst l /\ NoDup (map fst l) /\ forall e, In e found -> In (fst e, fst (snd e)) (U.planes f) /\ (0 < U.lead (U.normal (fst (snd e))))%Z.
Proof.
  unfold U.listed. destruct (_ <? _)%Z; [discriminate|]. destruct (U.twice l) eqn:T; [discriminate|]. destruct (negb _); [discriminate|]. intros H. apply collect_Forall2 in H. split; [|split; [now apply twice_NoDup|]].
  - clear T. induction H as [|[c q] e l found H1 _ IH]; simpl; auto. rewrite IH. f_equal. cbn [fst snd] in H1. destruct (U.find c (U.planes f)); [|discriminate]. destruct (_ <? _)%Z; [|discriminate]. now inversion H1.
  - clear T. induction H as [|[c q] e l found H1 _ IH]; intros e' []; subst; [|now apply IH]. cbn [fst snd] in H1.
    destruct (U.find c (U.planes f)) as [p|] eqn:F; [|discriminate]. destruct (Z.ltb_spec 0 (U.lead (U.normal p))) as [L|L]; [|discriminate]. inversion H1; subst. cbn [fst snd]. split; auto. now apply find_In.
Qed.

Lemma kappa_sign f p : 0 <= Q2R (U.kappa_unit f) -> (0 <= U.curvature p)%Z -> 0 <= Q2R (U.kappa f p).
Proof.
  intros H1 H2. unfold U.kappa. destruct (U.kappa_unit f) as [n e]. cbn [Qnum Qden] in *. rewrite Q2R_make in *. unfold real in *. rewrite mult_IZR.
  replace (IZR (U.curvature p) * IZR n / IZR (Zpos e)) with (IZR (U.curvature p) * (IZR n / IZR (Zpos e))) by lra. apply Rmult_le_pos; auto. now apply IZR_le.
Qed.

Lemma leaf_sound f n d ss mu : good_form f n -> length d = n -> U.leaf_holds f ss mu = true -> obeys f d ss -> 0 <= pform f d.
Proof.
  intros HG Hd H Ho. unfold U.leaf_holds in H. destruct (U.listed f mu) as [l|] eqn:L; [|discriminate].
  destruct (listed_spec _ _ _ L) as [N1 [N2 N3]]. apply both in H as [H K3]. apply both in H as [K1 K2].
  destruct (U.combination _ _) as [v D] eqn:CB. rewrite tmap_map in CB. apply equal_to_R in K3.
  destruct (combination_R _ _ _ _ d CB) as [_ S1].
  { intros vm Hv. apply in_map_iff in Hv. destruct Hv as [e [<- He]]. cbn [fst]. rewrite (form_gradient _ _ HG). apply (form_normals _ _ HG _ (proj1 (N3 e He))). }
  rewrite K3, sum_map in S1. cbn [fst snd] in S1. unfold pform. rewrite S1.
  set (phi := fun np : Z * U.plane => Q2R (U.kappa f (snd np)) * Rabs (dot (ints (U.normal (snd np))) d)).
  assert (SL : sum (map (fun e : Z * (U.plane * Q) => (fst e, fst (snd e))) l) phi <= sum (U.planes f) phi).
  { apply sum_listed.
    - apply (form_names _ _ HG). - rewrite map_map. cbn [fst]. change (fun x : Z * (U.plane * Q) => fst x) with (@fst Z (U.plane * Q)). rewrite N1. auto.
    - intros q Hq. apply in_map_iff in Hq. destruct Hq as [e [<- He]]. now apply N3.
    - intros np Hin Hn. apply all_In with (a := np) in K2; auto. rewrite map_map in Hn. cbn [fst] in Hn. change (fun x : Z * (U.plane * Q) => fst x) with (@fst Z (U.plane * Q)) in Hn. rewrite N1 in Hn.
      destruct (Z.leb_spec 0 (U.curvature (snd np))) as [C|C]; [|apply mem_In in K2; tauto]. unfold phi. apply Rmult_le_pos; [|apply Rabs_pos]. apply kappa_sign; auto. apply (form_unit _ _ HG). }
  rewrite sum_map in SL. unfold phi in SL. cbn [fst snd] in SL.
  eapply Rle_trans; [|apply Rplus_le_compat_l; exact SL].
  rewrite <- sum_plus. rewrite <- (sum_zero l). apply sum_le. intros e He. cbv beta. apply all_In with (a := e) in K1; auto.
  pose proof (N3 e He) as [HP _]. set (k := Q2R (U.kappa f (fst (snd e)))). set (mq := Q2R (snd (snd e))). set (x := dot _ d).
  unfold U.mu_fits in K1. destruct (U.find (fst e) ss) as [b|] eqn:FS.
  - apply find_In in FS. specialize (Ho _ b _ FS HP). cbv beta iota in Ho. fold x in Ho. destruct b.
    + apply qleb_R in K1. rewrite qopp_R in K1. fold k mq in K1. rewrite Rabs_right by lra.
      assert (0 <= (mq + k) * x) by (apply Rmult_le_pos; lra). lra.
    + apply qleb_R in K1. fold k mq in K1. rewrite Rabs_left by lra. assert (0 <= (k - mq) * (- x)) by (apply Rmult_le_pos; lra). lra.
  - apply both in K1 as [A B]. apply qleb_R in A, B. rewrite qopp_R in A. fold k mq in A, B. unfold Rabs. destruct (Rcase_abs x).
    + assert (0 <= (k - mq) * (- x)) by (apply Rmult_le_pos; lra). lra. + assert (0 <= (mq + k) * x) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma empty_sound f n d ss la : good_form f n -> U.is_empty f ss la = true -> obeys f d ss -> False.
Proof.
  intros HG H Ho. unfold U.is_empty in H. destruct (U.listed f la) as [l|] eqn:L; [|discriminate].
  destruct (listed_spec _ _ _ L) as [N1 [N2 N3]]. apply both in H as [H K3]. apply both in H as [K1 K2].
  destruct (U.combination _ _) as [v D] eqn:CB. rewrite tmap_map in CB. cbn [fst] in K3.
  destruct (combination_R _ _ _ _ d CB) as [_ S1].
  { intros vm Hv. apply in_map_iff in Hv. destruct Hv as [e [<- He]]. cbn [fst]. rewrite (form_gradient _ _ HG). apply (form_normals _ _ HG _ (proj1 (N3 e He))). }
  rewrite sum_map in S1. cbn [fst snd] in S1.
  assert (Z0 : dot (map (real D) v) d = 0).
  { pose proof (is_zero_spec _ K3) as Z. clear - Z. revert d Z. induction v as [|a v IH]; intros [|x d] Z; simpl; auto. rewrite (Z a) by (simpl; auto). rewrite IH by (intros; apply Z; simpl; auto). rewrite real_0. lra. }
  rewrite Z0 in S1.
  set (t := fun e : Z * (U.plane * Q) => Q2R (U.signed (U.find (fst e) ss) (snd (snd e))) * dot (ints (U.normal (fst (snd e)))) d) in *.
  assert (T : forall e, In e l -> 0 <= t e /\ (0 < Q2R (snd (snd e)) -> 0 < t e)).
  { intros e He. apply all_In with (a := e) in K1; auto. apply both in K1 as [A B]. apply qleb_R in B. rewrite Q2R_0 in B. destruct (N3 e He) as [HP _].
    unfold t, U.mem in *. destruct (U.find (fst e) ss) as [b|] eqn:FS; [|discriminate]. apply find_In in FS. specialize (Ho _ b _ FS HP). cbv beta iota in Ho. unfold U.signed.
    destruct b; [|rewrite qopp_R].
    - split; intros; [apply Rmult_le_pos; lra|apply Rmult_lt_0_compat; lra].
    - split; intros; [replace (- Q2R (snd (snd e)) * dot (ints (U.normal (fst (snd e)))) d) with (Q2R (snd (snd e)) * - dot (ints (U.normal (fst (snd e)))) d) by lra; apply Rmult_le_pos; lra|].
      replace (- Q2R (snd (snd e)) * dot (ints (U.normal (fst (snd e)))) d) with (Q2R (snd (snd e)) * - dot (ints (U.normal (fst (snd e)))) d) by lra. apply Rmult_lt_0_compat; lra. }
  apply some_In in K2. destruct K2 as [e0 [He0 P0]]. apply qltb_R in P0. rewrite Q2R_0 in P0.
  assert (0 < sum l t); [|lra]. clear S1 K1 CB L N1 N3. revert He0. induction l as [|e l IH]; [intros []|intros [E|E]]; simpl.
  - subst e. destruct (T e0 (or_introl eq_refl)) as [_ T2]. specialize (T2 P0).
    assert (0 <= sum l t); [|lra]. rewrite <- (sum_zero l). apply sum_le. intros s Hs. apply T. now right.
  - destruct (T e (or_introl eq_refl)) as [T1 _]. assert (0 < sum l t); [|lra]. apply IH; auto. intros s Hs. apply T. now right.
Qed.

Theorem tree_sound f n nodes : good_form f n ->
  U.walk (fun c => U.mem c (U.planes f)) (U.leaf_holds f) (U.is_empty f) 0 [(0%Z, [])] nodes = true ->
  forall d, length d = n -> 0 <= pform f d.
Proof.
  intros HG H.
  set (ps := map (fun np => (ints (U.normal (snd np)), Q2R (U.kappa f (snd np)))) (U.planes f)).
  assert (EQ : forall d, pform f d = F (reals (U.gradient f)) ps d).
  { intros d. unfold pform, F, ps. f_equal. clear. induction (U.planes f) as [|np l IH]; cbn [map folds sum]; auto. rewrite IH. reflexivity. }
  assert (HN : forall u k, In (u, k) ps -> length u = n /\ ~ Forall (fun x => x = 0) u).
  { intros u k Hin. apply in_map_iff in Hin. destruct Hin as [np [E Hnp]]. inversion E; subst. destruct (form_normals _ _ HG np Hnp) as [A B]. split; auto. unfold ints. now rewrite map_length. }
  intros d Hd. rewrite EQ. apply (dense n); auto. clear d Hd. intros d Hd Hgen. rewrite <- EQ.
  refine (walk_sound (fun c => U.mem c (U.planes f)) (U.leaf_holds f) (U.is_empty f) (obeys f d) (0 <= pform f d) _ _ _ nodes 0%Z [(0%Z, [])] H _).
  - intros ss mu Hl Ho. eapply leaf_sound; eauto.
  - intros ss la Hl Ho. exfalso. eapply empty_sound; eauto.
  - intros c ss Hc Ho. apply mem_In in Hc. apply in_map_iff in Hc. destruct Hc as [[c' p] [E Hp]]. simpl in E. subst c'.
    assert (Uq : forall p', In (c, p') (U.planes f) -> p' = p).
    { intros p' Hp'. pose proof (form_names _ _ HG) as ND. revert ND Hp Hp'. clear. induction (U.planes f) as [|[a q] l IH]; [intros _ []|]. intros ND Hp Hp'. simpl in ND. inversion ND as [|? ? N1 N2]; subst.
      destruct Hp as [Hp|Hp], Hp' as [Hp'|Hp']; try congruence; auto.
      - inversion Hp; subst. exfalso. apply N1. apply in_map_iff. exists (c, p'). auto.
      - inversion Hp'; subst. exfalso. apply N1. apply in_map_iff. exists (c, p). auto. }
    assert (NZ : dot (ints (U.normal p)) d <> 0).
    { apply (Hgen _ (Q2R (U.kappa f p))). apply in_map_iff. exists (c, p). auto. }
    destruct (Rlt_or_le 0 (dot (ints (U.normal p)) d)) as [Pz|Pz]; [left|right]; intros c' b p' [E|Hin] Hp'; try (now apply (Ho c' b p')); inversion E; subst; rewrite (Uq _ Hp'); lra.
  - exists 0%Z, []. split; [now left|]. intros c b p [].
Qed.
