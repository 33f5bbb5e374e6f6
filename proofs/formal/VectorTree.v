(* The tree of the rule `unitwise vectors` (proofs/unitwise_vectors.md): near the output weights v, every v' has a combination of
   the local forms that is nowhere negative. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound UnitwiseSound.
From Exactsurf Require Evaluate CheckUnitwise CheckVectors.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module V := CheckVectors.

(* walk_sound, with the multipliers known to stand in one of the nodes. *)
Lemma walk_sound_in {M} is_plane leaf empty (obeys : U.signs -> Prop) (Goal : Prop) (all_nodes : list (U.node M)) :
  (forall ss mu, In (U.Multipliers mu) all_nodes -> leaf ss mu = true -> obeys ss -> Goal) -> (forall ss la, empty ss la = true -> obeys ss -> Goal) ->
  (forall c ss, is_plane c = true -> obeys ss -> obeys ((c, true) :: ss) \/ obeys ((c, false) :: ss)) ->
  forall nodes i pending, incl nodes all_nodes -> U.walk is_plane leaf empty i pending nodes = true -> (exists k ss, In (k, ss) pending /\ obeys ss) -> Goal.
Proof.
  intros HL HE HS. induction nodes as [|nd rest IH]; intros i pending HI H [k [ss [Hin Ho]]]; cbn [U.walk] in H.
  - destruct pending; [destruct Hin|discriminate].
  - assert (HI2 : incl rest all_nodes) by (intros q Hq; apply HI; now right). assert (HN : In nd all_nodes) by (apply HI; now left).
    destruct (U.take_from i pending []) as [[ts others]|] eqn:T; [|discriminate].
    destruct (take_from_spec _ _ _ _ _ T (k, ss) (or_intror Hin)) as [E|E].
    + inversion E; subst. destruct nd as [c p m|mu|la].
      * match type of H with (if ?b then _ else _) = _ => destruct b eqn:B; [|discriminate] end.
        split_and B. destruct (HS c ts) as [O|O]; auto.
        -- eapply IH; eauto. exists p, ((c, true) :: ts). simpl; auto. -- eapply IH; eauto. exists m, ((c, false) :: ts). simpl; auto.
      * destruct (leaf ts mu) eqn:L; [|discriminate]. eauto.
      * destruct (empty ts la) eqn:L; [|discriminate]. eauto.
    + destruct nd as [c p m|mu|la].
      * match type of H with (if ?b then _ else _) = _ => destruct b; [|discriminate] end. eapply IH; eauto. exists k, ss. simpl; auto.
      * destruct (leaf ts mu); [|discriminate]. eapply IH; eauto.
      * destruct (empty ts la); [|discriminate]. eapply IH; eauto.
Qed.

(* Finitely many vectors a: those with v.a > 0 have v'.a >= 0 for v' near v. *)
Lemma stay_positive v : forall As : list (list R), exists e, 0 < e /\ forall v', near_list e v v' -> forall a, In a As -> 0 < dot v a -> 0 <= dot v' a.
Proof.
  induction As as [|a As [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? _ ? []. }
  destruct (Rlt_or_le 0 (dot v a)) as [L|L].
  - destruct (dot_near v a (dot v a) L) as [e2 [H2 P2]]. exists (Rmin e1 e2). split; [mins|]. intros v' Hn b [<-|Hb] Hp.
    + specialize (P2 v' a (near_list_mono _ _ _ _ (Rmin_r _ _) Hn) (near_list_refl _ _ H2)). apply Rabs_def2 in P2. lra.
    + apply (P1 v'); auto. eapply near_list_mono; [apply Rmin_l|eauto].
  - exists e1. split; auto. intros v' Hn b [<-|Hb] Hp; [lra|now apply (P1 v')].
Qed.

Lemma qdot_R u v : Q2R (V.qdot u v) = dot (reals u) (reals v).
Proof.
  unfold V.qdot. rewrite tzip_zip. assert (G : forall u v acc, Q2R (fold qadd acc (zip qmul u v)) = Q2R acc + dot (reals u) (reals v)).
  { clear. induction u as [|a u IH]; intros [|b v] acc; simpl; try lra. rewrite IH, qadd_R, qmul_R. unfold reals. lra. }
  rewrite G. unfold Q2R at 1. simpl. lra.
Qed.

Lemma zero_side l : all (fun q => Z.eqb (Qnum q) 0) l = true -> forall v', dot v' (reals l) = 0.
Proof.
  induction l as [|q l IH]; intros Z [|a v']; simpl; auto. simpl in Z. apply both in Z as [Q1 Q2]. unfold reals in IH. rewrite IH by auto.
  apply Z.eqb_eq in Q1. destruct q as [qn qd]. simpl in Q1. subst qn. rewrite Q2R_make, real_0. lra.
Qed.

Section Tree.
Variables (fs : list U.local_form) (f0 : U.local_form) (n : nat) (v : list Q).
Hypothesis H0 : good_form f0 n.
Hypothesis HF : forall f, In f fs -> good_form f n /\ V.same_planes f0 f = true.
Notation P0 := (U.planes f0).
Notation x np d := (dot (ints (U.normal (snd np))) d).

Fixpoint vform (v' : list R) (gs : list U.local_form) (d : list R) {struct gs} : R := match v', gs with a :: v'', f :: gs' => a * pform f d + vform v'' gs' d | _, _ => 0 end.

Lemma find_unique {A} (l : U.named A) c a : NoDup (map fst l) -> In (c, a) l -> U.find c l = Some a.
Proof.
  induction l as [|[n0 b] l IH]; intros ND Hin; [destruct Hin|]. simpl in *. inversion ND; subst. destruct (Z.eqb_spec n0 c) as [E|E].
  - destruct Hin as [Hin|Hin]; [congruence|]. subst. exfalso. apply H2. apply in_map_iff. exists (c, a). auto.
  - destruct Hin as [Hin|Hin]; [congruence|auto].
Qed.

Lemma pform_at f d : In f fs -> pform f d = dot (reals (U.gradient f)) d + sum P0 (fun np => Q2R (V.kappa_at f (fst np)) * Rabs (x np d)).
Proof.
  intros Hin. destruct (HF f Hin) as [G S]. unfold pform. f_equal. unfold V.same_planes in S. apply both in S as [S1 S2]. apply Z.eqb_eq in S1. rewrite !count_length in S1. apply Nat2Z.inj in S1.
  pose proof (form_names _ _ G) as ND.
  assert (K : forall np, In np (U.planes f) -> V.kappa_at f (fst np) = U.kappa f (snd np)).
  { intros [c p] Hp. unfold V.kappa_at. cbn [fst snd]. now rewrite (find_unique _ c p ND Hp). }
  revert K S2 S1. generalize (U.planes f) as ps. generalize P0 as qs. clear. induction qs as [|[c p] qs IH]; intros [|[c' p'] ps] K S2 S1; try discriminate; auto.
  rewrite tzip_zip in S2. cbn [zip all] in S2. apply both in S2 as [A B]. unfold V.same_plane in A. cbn [fst snd] in A. apply both in A as [A1 A2]. apply Z.eqb_eq in A1. apply same_spec in A2. subst c'.
  cbn [sum fst snd]. rewrite (IH ps); [|intros; apply K; now right|now rewrite tzip_zip|simpl in S1; lia]. pose proof (K (c, p') (or_introl eq_refl)) as K1. cbn [fst snd] in K1. now rewrite K1, A2.
Qed.

(* The contribution of a hyperplane to the gradients. *)
Fixpoint msum (v' : list R) (ms : list Q) (gs : list U.local_form) (p : U.plane) {struct gs} : R :=
  match gs, v' with [], _ => 0 | _, [] => 0 | _ :: gs', a :: v'' => a * Q2R (U.scaled_mu p (match ms with m :: _ => m | [] => 0#1 end)) + msum v'' (match ms with _ :: r => r | [] => [] end) gs' p end.
Fixpoint gsum (v' : list R) (gs : list U.local_form) (d : list R) {struct gs} : R := match gs, v' with [], _ => 0 | _, [] => 0 | f :: gs', a :: v'' => a * dot (reals (U.gradient f)) d + gsum v'' gs' d end.

Lemma gradients_R d : forall gs, incl gs fs -> forall (F : Z * U.plane -> list Q) v', V.gradients_hold P0 gs (map F P0) = true ->
  gsum v' gs d = sum P0 (fun np => msum v' (F np) gs (snd np) * x np d).
Proof.
  induction gs as [|f gs IH]; intros HI F v' H. { simpl. symmetry. apply sum_0. intros; lra. }
  destruct v' as [|a v']. { simpl. symmetry. apply sum_0. intros; lra. }
  cbn [V.gradients_hold] in H. cbv zeta in H. rewrite tzip_zip in H. rewrite !tmap_map in H. rewrite ?map_map in H.
  assert (EZ : forall (B : Type) (g : Z * U.plane -> list Q -> B), zip g P0 (map F P0) = map (fun np => g np (F np)) P0).
  { intros B g. rewrite <- (map_id P0) at 1. apply (zip_map g (fun s => s) F). }
  rewrite EZ in H. apply both in H as [H H2]. apply both in H as [_ H1].
  destruct (U.combination _ _) as [w D] eqn:CB. apply equal_to_R in H1.
  assert (GF : good_form f n) by (apply HF, HI; now left).
  destruct (combination_R _ _ _ _ d CB) as [_ S1].
  { intros vm Hv. apply in_map_iff in Hv. destruct Hv as [np [<- Hnp]]. cbn [fst]. rewrite (form_gradient _ _ GF). apply (form_normals _ _ H0 _ Hnp). }
  rewrite H1, sum_map in S1. cbn [fst snd] in S1. cbn [gsum]. rewrite S1.
  rewrite (IH (fun q Hq => HI q (or_intror Hq)) (fun np => match F np with _ :: r => r | [] => [] end) v' H2).
  rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros np _. cbn [msum]. lra.
Qed.

Fixpoint ksum (v' : list R) (gs : list U.local_form) (c : Z) {struct gs} : R := match gs, v' with [], _ => 0 | _, [] => 0 | f :: gs', a :: v'' => a * Q2R (V.kappa_at f c) + ksum v'' gs' c end.

Lemma vform_split v' d : forall gs, incl gs fs -> vform v' gs d = gsum v' gs d + sum P0 (fun np => ksum v' gs (fst np) * Rabs (x np d)).
Proof.
  revert v'. intros v' gs. revert v'. induction gs as [|f gs IH]; intros [|a v'] HI; simpl; try (rewrite sum_0; [lra|intros; lra]).
  rewrite IH by (intros q Hq; apply HI; now right). rewrite pform_at by (apply HI; now left).
  rewrite Rmult_plus_distr_l, <- sum_scal.
  rewrite (sum_ext P0 (fun np => (a * Q2R (V.kappa_at f (fst np)) + ksum v' gs (fst np)) * Rabs (x np d)) (fun np => a * (Q2R (V.kappa_at f (fst np)) * Rabs (x np d)) + ksum v' gs (fst np) * Rabs (x np d))) by (intros; lra).
  rewrite sum_plus. lra.
Qed.

Lemma side_R p c tau : forall gs ms v', length ms = length gs -> dot v' (reals (V.side gs p c ms tau)) = Q2R tau * msum v' ms gs p + ksum v' gs c.
Proof.
  unfold V.side. induction gs as [|f gs IH]; intros [|m ms] v' L; try discriminate; rewrite tzip_zip; simpl. { rewrite dot_nil_r. destruct v'; lra. }
  destruct v' as [|a v']; simpl; [lra|]. specialize (IH ms v' ltac:(simpl in L; lia)). rewrite tzip_zip in IH. unfold reals in *. rewrite IH, qadd_R, qmul_R. lra.
Qed.

(* dense, for a combination of forms *)
Lemma vform_F v' : forall gs, incl gs fs -> exists g ps, (forall d, length d = n -> vform v' gs d = F g ps d) /\ map fst ps = map (fun np => ints (U.normal (snd np))) P0.
Proof.
  intros gs HI.
  assert (G : forall gs v', incl gs fs -> exists g, length g = n /\ forall d, length d = n -> gsum v' gs d = dot g d).
  { clear gs v' HI. induction gs as [|f gs IH]; intros [|a v'] HI; simpl; try (exists (repeat 0 n); split; [apply repeat_length|]; intros d _; generalize n as k; clear; intros k; revert d; induction k; intros [|y d]; simpl; auto; rewrite <- IHk; lra).
    destruct (IH v') as [g [L E]]. { intros q Hq. apply HI. now right. }
    exists (zip Rplus (map (Rmult a) (reals (U.gradient f))) g).
    assert (Lf : length (U.gradient f) = n) by (apply form_gradient, HF, HI; now left).
    split. { rewrite zip_length; auto. unfold reals. rewrite !map_length. congruence. }
    intros d Hd. rewrite (E d Hd). unfold reals. clear E. revert g L d Hd. rewrite <- Lf. clear. induction (U.gradient f) as [|q l IHl]; intros [|b g] L [|y d] Hd; simpl in *; try discriminate; try lra.
    rewrite <- (IHl g ltac:(lia) d ltac:(lia)). lra. }
  destruct (G gs v' HI) as [g [L E]]. exists g, (map (fun np => (ints (U.normal (snd np)), ksum v' gs (fst np))) P0). split; [|now rewrite map_map].
  intros d Hd. rewrite vform_split by auto. unfold F. rewrite (E d Hd). f_equal. clear. induction P0 as [|np l IH]; cbn [map folds sum]; auto. now rewrite IH.
Qed.

Theorem vector_tree_sound nodes : incl fs fs -> hd_error fs = Some f0 ->
  U.walk (fun c => U.mem c P0) (V.vector_leaf_holds fs v) (U.is_empty f0) 0 [(0%Z, [])] nodes = true ->
  exists e, 0 < e /\ forall v', near_list e (reals v) v' -> forall d, length d = n -> 0 <= vform v' fs d.
Proof.
  intros HI Hhd H.
  assert (UL : forall ss mu, V.vector_leaf_holds fs v ss mu = true -> all (V.plane_holds fs v ss mu) P0 = true /\ V.gradients_hold P0 fs (tmap (fun np => V.mu_of fs mu (fst np)) P0) = true).
  { intros ss mu. clear H HI. unfold V.vector_leaf_holds. destruct fs as [|fz fr]; [discriminate|]. simpl in Hhd. inversion Hhd; subst fz.
    intros HL. apply both in HL as [HL K4]. apply both in HL as [HL K3]. auto. }
  set (sides := fun mu : U.named (list Q) => flat_map (fun np => [reals (V.side fs (snd np) (fst np) (V.mu_of fs mu (fst np)) (1#1)); reals (V.side fs (snd np) (fst np) (V.mu_of fs mu (fst np)) (-1#1))]) P0).
  set (As := flat_map (fun nd => match nd with U.Multipliers mu => sides mu | _ => [] end) nodes).
  destruct (stay_positive (reals v) As) as [e [He PS]]. exists e. split; auto. intros v' Hn.
  destruct (vform_F v' fs HI) as [g [ps [EF EP]]].
  assert (HN : forall u k, In (u, k) ps -> length u = n /\ ~ Forall (fun x => x = 0) u).
  { intros u k Hin. assert (Hu : In u (map fst ps)) by (apply in_map_iff; exists (u, k); auto). rewrite EP in Hu. apply in_map_iff in Hu. destruct Hu as [np [<- Hnp]].
    destruct (form_normals _ _ H0 np Hnp) as [A B]. split; auto. unfold ints. now rewrite map_length. }
  intros d Hd. rewrite EF by auto. apply (dense n); auto. clear d Hd. intros d Hd Hgen. rewrite <- EF by auto.
  assert (NZ : forall np, In np P0 -> x np d <> 0).
  { intros np Hnp. assert (Hu : In (ints (U.normal (snd np))) (map fst ps)) by (rewrite EP; now apply (in_map (fun np => ints (U.normal (snd np))))).
    apply in_map_iff in Hu. destruct Hu as [[u k] [E Hin]]. cbn [fst] in E. subst u. eapply Hgen; eauto. }
  refine (walk_sound_in (fun c => U.mem c P0) (V.vector_leaf_holds fs v) (U.is_empty f0) (obeys f0 d) (0 <= vform v' fs d) nodes _ _ _ nodes 0%Z [(0%Z, [])] (incl_refl _) H _).
  - intros ss mu Hin HL Ho. destruct (UL _ _ HL) as [K3 K4]. rewrite tmap_map in K4.
    rewrite vform_split, (gradients_R d fs HI _ v' K4), <- sum_plus by auto. rewrite <- (sum_zero P0). apply sum_le. intros np Hnp. cbv beta.
    apply all_In with (a := np) in K3; auto. unfold V.plane_holds in K3. cbv zeta in K3. apply both in K3 as [K3 KS]. apply both in K3 as [_ KL]. apply Z.eqb_eq in KL. rewrite !count_length in KL. apply Nat2Z.inj in KL.
    set (ms := V.mu_of fs mu (fst np)) in *.
    assert (SP : forall tau, (tau = 1#1 \/ tau = -1#1)%Q -> V.good_side v (V.side fs (snd np) (fst np) ms tau) = true -> 0 <= Q2R tau * msum v' ms fs (snd np) + ksum v' fs (fst np)).
    { intros tau Ht HG. rewrite <- (side_R (snd np) (fst np) tau fs ms v' KL). unfold V.good_side in HG. match type of HG with (match ?b with true => _ | false => _ end) = _ => destruct b eqn:Z end.
      - assert (D0 : dot v' (reals (V.side fs (snd np) (fst np) ms tau)) = 0) by (now apply zero_side). lra.
      - apply qltb_R in HG. rewrite qdot_R in HG. assert (Zq : Q2R (0#1) = 0) by (unfold Q2R; simpl; lra). rewrite Zq in HG. apply (PS v' Hn); auto.
        unfold As. apply in_flat_map. exists (U.Multipliers mu). split; auto. unfold sides. apply in_flat_map. exists np. split; auto. destruct Ht as [->| ->]; [left; reflexivity|right; left; reflexivity]. }
    assert (Q1 : Q2R (1#1) = 1) by (unfold Q2R; simpl; lra). assert (Qm : Q2R (-1#1) = -1) by (unfold Q2R; simpl; lra).
    pose proof (NZ np Hnp) as NZ1. pose proof (SP (1#1)%Q (or_introl eq_refl)) as SP1. pose proof (SP (-1#1)%Q (or_intror eq_refl)) as SP2. rewrite Q1 in SP1. rewrite Qm in SP2.
    set (M := msum v' ms fs (snd np)) in *. set (K := ksum v' fs (fst np)) in *.
    assert (PLUS : 0 < x np d -> 0 <= 1 * M + K -> 0 <= M * x np d + K * Rabs (x np d)).
    { intros P Q2. rewrite Rabs_right by lra. replace (M * x np d + K * x np d) with ((1 * M + K) * x np d) by lra. apply Rmult_le_pos; lra. }
    assert (MINUS : x np d < 0 -> 0 <= -1 * M + K -> 0 <= M * x np d + K * Rabs (x np d)).
    { intros P Q2. rewrite Rabs_left by lra. replace (M * x np d + K * - x np d) with ((-1 * M + K) * - x np d) by lra. apply Rmult_le_pos; lra. }
    destruct (U.find (fst np) ss) as [b|] eqn:FS.
    + apply find_In in FS. destruct np as [c p]. specialize (Ho c b p FS Hnp). cbn [fst snd] in *. destruct b; auto.
    + apply both in KS as [KS1 KS2]. destruct (Rlt_or_le 0 (x np d)); [apply PLUS; auto|apply MINUS; auto; lra].
  - intros ss la HL Ho. exfalso. eapply empty_sound; eauto.
  - intros c ss Hc Ho. apply mem_In in Hc. apply in_map_iff in Hc. destruct Hc as [[c' p] [E Hp]]. simpl in E. subst c'.
    assert (Uq : forall p', In (c, p') P0 -> p' = p).
    { intros p' Hp'. pose proof (find_unique _ _ _ (form_names _ _ H0) Hp). pose proof (find_unique _ _ _ (form_names _ _ H0) Hp'). congruence. }
    pose proof (NZ (c, p) Hp) as NZ1. cbn [snd] in NZ1.
    destruct (Rlt_or_le 0 (dot (ints (U.normal p)) d)) as [Pz|Pz]; [left|right]; intros c' b p' [E|Hin] Hp'; try (now apply (Ho c' b p')); inversion E; subst; rewrite (Uq _ Hp'); lra.
  - exists 0%Z, []. split; [now left|]. intros c b p [].
Qed.
End Tree.
