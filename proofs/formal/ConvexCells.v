(* What a leaf of the rule `convex cells` says of a direction, and that a direction reaches a leaf that is not empty
   (proofs/rules/convex_cells.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound PointSound UnitwiseSound UnitForm UnitwiseRule ReaderSound Indices.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckConvex.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module X := CheckConvex.

(* ---- Sums ---- *)
Lemma sum_positive {A} (l : list A) f a : (forall b, In b l -> 0 <= f b) -> In a l -> 0 < f a -> 0 < sum l f.
Proof.
  induction l as [|b l IH]; intros H Hin Ha; simpl in *; [tauto|].
  assert (P : 0 <= sum l f). { clear - H. induction l as [|c l IH]; simpl; [lra|]. pose proof (H c (or_intror (or_introl eq_refl))).
    assert (0 <= sum l f) by (apply IH; intros d [->|Hd]; apply H; simpl; auto). lra. }
  destruct Hin as [->|Hin]; [lra|]. pose proof (H b (or_introl eq_refl)). assert (0 < sum l f) by (apply IH; auto). lra.
Qed.

Lemma zero_dot v : is_zero v = true -> forall D d, dot (map (real D) v) d = 0.
Proof.
  intros H D. pose proof (is_zero_spec v H) as Z. clear H. induction v as [|n v IH]; intros [|x d]; simpl; auto.
  rewrite IH by (intros; apply Z; simpl; auto). rewrite (Z n (or_introl eq_refl)), real_0. lra.
Qed.

(* ---- A unit near its weights ---- *)
Section Cells.
Variables (h : E.activation) (ds : list positive) (factor : Q).
Hypothesis HG : good_activation h.
Hypothesis HF : 0 < Q2R factor.
Notation hz := (E.compile h).
Let n := length ds.
Let DU := E.unit_of hz.
Definition xr (row : list Z) : list R := row_reals ds row.
Definition place_at (w : list Q) (row : list Z) : E.place :=
  let u := E.make_unit ds w 0 in E.place_of hz (zdot (E.constant u) (E.factors u) row) (E.denominator u).
Definition gain (p : E.place) (u : R) : R :=
  (real DU (fst (E.left_line p)) + real DU (fst (E.right_line p))) / 2 * u + (real DU (fst (E.right_line p)) - real DU (fst (E.left_line p))) / 2 * Rabs u.

Lemma gain_right p u : 0 <= u -> gain p u = real DU (fst (E.right_line p)) * u.
Proof. intros H. unfold gain. rewrite Rabs_right by lra. lra. Qed.
Lemma gain_left p u : u <= 0 -> gain p u = real DU (fst (E.left_line p)) * u.
Proof. intros H. unfold gain. rewrite Rabs_left1 by lra. lra. Qed.

Lemma rows_near w rows : exists e, 0 < e /\ forall w', near_list e (reals w) w' -> forall row, In row rows ->
  act (act_R h) (dot w' (xr row)) = act (act_R h) (dot (reals w) (xr row)) + gain (place_at w row) (dot (xr row) (axpy (-1) (reals w) w')).
Proof.
  induction rows as [|row rows [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? _ ? []. }
  set (u := E.make_unit ds w 0). set (z := zdot (E.constant u) (E.factors u) row).
  assert (ZR : real (E.denominator u) z = dot (reals w) (xr row)) by (unfold z, u; rewrite make_unit_R, Q2R_0; unfold xr; lra).
  destruct (compile_sound h z (E.denominator u) HG) as [[eta [He P2]] _]. rewrite ZR in P2.
  destruct (dot_near (reals w) (xr row) eta He) as [e2 [H2 P3]].
  exists (Rmin e1 e2). split; [mins|]. intros w' Hn r [<-|Hr].
  - assert (B1 : near_list e2 (reals w) w') by (exact (near_list_mono _ _ _ _ (Rmin_r _ _) Hn)).
    specialize (P3 w' (xr row) B1 (near_list_refl _ _ H2)). specialize (P2 _ P3).
    assert (HL : length w' = length (reals w)) by (symmetry; eapply Forall2_len; eauto).
    assert (EX : dot (xr row) (axpy (-1) (reals w) w') = dot w' (xr row) - dot (reals w) (xr row)).
    { rewrite dot_axpy by exact HL. rewrite (dot_comm _ w'), (dot_comm _ (reals w)). lra. }
    rewrite EX. replace (dot (reals w) (xr row) + (dot w' (xr row) - dot (reals w) (xr row))) with (dot w' (xr row)) in P2 by lra. rewrite P2.
    unfold gain, place_at. fold u. fold z. unfold DU. lra.
  - apply P1; auto. exact (near_list_mono _ _ _ _ (Rmin_l _ _) Hn).
Qed.

(* ---- One sample at one unit ---- *)
Variables (c : X.cells) (ss : U.signs) (lf : X.leaf).
Hypothesis HU : X.slope_unit c = DU.

Lemma term_slope_R v r a : Q2R (X.term_slope c factor v r a) = Q2R v * (Q2R factor * IZR r) * real DU a.
Proof.
  unfold X.term_slope. rewrite qmul_R, HU. destruct factor as [fn fd]. cbn [Qnum Qden]. rewrite !Q2R_make. unfold real. rewrite Pos2Z.inj_mul, !mult_IZR. field. auto.
Qed.

Lemma coefficient_sound v j i row p r q u : X.coefficient c ss lf factor v j (i, (row, (p, r))) = Some q ->
  (is_zero row = true -> u = 0) -> (forall tau, In ((j * X.samples c + i)%Z, tau) ss -> if tau : bool then 0 <= u else u <= 0) ->
  Q2R q * u <= Q2R v * (Q2R factor * IZR r * gain p u).
Proof.
  unfold X.coefficient. intros H Hz Ho. set (K := Q2R v * (Q2R factor * IZR r)).
  assert (EK : Q2R v * (Q2R factor * IZR r * gain p u) = K * gain p u) by (unfold K; lra). rewrite EK. clear EK.
  pose proof (term_slope_R v r (fst (E.right_line p))) as TR. pose proof (term_slope_R v r (fst (E.left_line p))) as TL.
  pose proof (term_slope_R v r (fst (E.right_line p) - fst (E.left_line p))) as TD. fold K in TR, TL, TD.
  set (aR := real DU (fst (E.right_line p))) in *. set (aL := real DU (fst (E.left_line p))) in *.
  assert (ED : real DU (fst (E.right_line p) - fst (E.left_line p)) = aR - aL) by (unfold Z.sub; rewrite real_plus, real_opp; reflexivity). rewrite ED in TD.
  destruct (X.is_boundary row p) eqn:EB; cbn [negb] in H.
  - destruct (U.find _ ss) as [tau|] eqn:ES.
    + apply find_In in ES. specialize (Ho _ ES). destruct (U.find _ (X.lambdas lf)) as [l|] eqn:EL.
      * destruct (qleb 0 l) eqn:E0; [|discriminate]. apply qleb_R in E0. rewrite Q2R_0 in E0. inversion H; subst q. clear H. rewrite qadd_R.
        destruct tau; [rewrite qopp_R, TR, gain_right by auto|rewrite TL, gain_left by auto]; fold aR aL; nra.
      * inversion H; subst q. clear H. destruct tau; [rewrite TR, gain_right by auto|rewrite TL, gain_left by auto]; fold aR aL; lra.
    + destruct (U.find _ (X.unsplit lf)) as [m|] eqn:EM.
      * match type of H with (if ?b then _ else _) = _ => destruct b eqn:E0; [|discriminate] end. apply both in E0 as [M0 M1].
        apply qleb_R in M0. apply qleb_R in M1. rewrite Q2R_0 in M0. rewrite TD in M1. inversion H; subst q. clear H. rewrite qadd_R, qopp_R, TR.
        destruct (Rle_or_lt 0 u); [rewrite gain_right by auto|rewrite gain_left by lra]; fold aR aL; nra.
      * destruct (Z.eqb_spec r 0) as [->|]; [|discriminate]. inversion H; subst q. unfold K. rewrite Q2R_make, real_0. lra.
  - inversion H; subst q. clear H. rewrite TR. unfold X.is_boundary in EB.
    destruct (Z.eqb_spec (fst (E.left_line p)) (fst (E.right_line p))) as [E|E]; cbn [negb] in EB.
    + assert (aL = aR) by (unfold aL, aR; now rewrite E). destruct (Rle_or_lt 0 u); [rewrite gain_right by auto|rewrite gain_left by lra]; fold aR aL; rewrite ?H; lra.
    + destruct (is_zero row); [|discriminate]. rewrite (Hz eq_refl), gain_right by lra. lra.
Qed.

(* ---- All samples at one unit ---- *)
Section Samples.
Context {A : Type} (row : A -> list Z) (rz : A -> Z) (pl : A -> E.place) (wh : A -> list Z) (W : R) (d : list R).
Hypothesis HW : 0 < W.
Hypothesis HD : forall s, dot (ints (wh s)) d = W * dot (xr (row s)) d.

Lemma still_sum v j : forall P idx qs, length idx = length P ->
  Forall2 (fun it q => X.coefficient c ss lf factor v j it = Some q) (zip pair idx (map (fun s => (row s, (pl s, rz s))) P)) qs ->
  (forall i s, In (i, s) (zip pair idx P) -> (is_zero (row s) = true -> dot (xr (row s)) d = 0) /\
     forall tau, In ((j * X.samples c + i)%Z, tau) ss -> if tau : bool then 0 <= dot (xr (row s)) d else dot (xr (row s)) d <= 0) ->
  sum (zip pair (map wh P) qs) (fun vm => Q2R (snd vm) * dot (ints (fst vm)) d)
    <= W * (Q2R v * sum P (fun s => Q2R factor * IZR (rz s) * gain (pl s) (dot (xr (row s)) d))).
Proof.
  induction P as [|s P IH]; intros [|i idx] qs HL HC HO; try discriminate; cbn [map zip] in HC; inversion HC as [|? q ? qs' C1 C2]; subst; cbn [map zip sum].
  - lra.
  - destruct (HO i s) as [O1 O2]; [simpl; auto|]. pose proof (coefficient_sound _ _ _ _ _ _ _ _ C1 O1 O2) as Q.
    specialize (IH idx qs' ltac:(simpl in HL; lia) C2 ltac:(intros; apply HO; simpl; auto)). cbn [fst snd]. rewrite HD.
    apply (Rmult_le_compat_l W) in Q; [|lra]. lra.
Qed.
End Samples.
End Cells.

(* ---- What the cone of a leaf knows of a direction: of the hyperplanes that were split, and of the signs of weights ---- *)
Definition obeys (c : X.cells) (ds : list positive) (dir gen : Z -> list R) (weight_of : Z -> R) (ss : U.signs) : Prop :=
  forall name tau, In (name, tau) ss ->
    ((0 <= name)%Z -> forall row, D.pick (name mod X.samples c) (X.inputs_at c) = Some row ->
       if tau : bool then 0 < dot (xr ds row) (gen (name / X.samples c)%Z) /\ 0 <= dot (xr ds row) (dir (name / X.samples c)%Z)
       else dot (xr ds row) (gen (name / X.samples c)%Z) < 0 /\ dot (xr ds row) (dir (name / X.samples c)%Z) <= 0)
    /\ ((name < 0)%Z -> if tau : bool then 0 <= weight_of (- name - 1)%Z else weight_of (- name - 1)%Z <= 0).

Section Leaves.
Variables (h : E.activation) (ds : list positive) (c : X.cells).
Hypothesis HG : good_activation h.
Let n := length ds.
Hypothesis HR : forall row, In row (X.inputs_at c) -> length row = n.
Hypothesis HN : X.samples c = Z.of_nat (length (X.inputs_at c)).
Hypothesis HU : X.slope_unit c = E.unit_of (E.compile h).
Variable wd : positive.
Hypothesis HWD : forall dd, In dd ds -> (Zpos dd | Zpos wd)%Z.
Hypothesis HWH : X.wholes_at c = map (E.rescale wd ds) (X.inputs_at c).
Hypothesis HNE : X.inputs_at c <> [].
Variables (dir gen : Z -> list R) (weight_of : Z -> R).
Notation obeys := (obeys c ds dir gen weight_of).

Lemma samples_positive : (0 < X.samples c)%Z.
Proof. rewrite HN. destruct (X.inputs_at c); [congruence|]. simpl. lia. Qed.

Lemma whole_dot row d : dot (ints (E.rescale wd ds row)) d = IZR (Zpos wd) * dot (xr ds row) d.
Proof.
  unfold xr. rewrite <- (rescale_row_R wd) by auto. rewrite <- dot_scal, map_map. f_equal. unfold ints. apply map_ext. intros a. unfold real. field. auto.
Qed.

Lemma whole_length row : In row (X.inputs_at c) -> length (E.rescale wd ds row) = n.
Proof. intros H. unfold E.rescale. rewrite tzip_zip, zip_length; first [reflexivity|now apply HR]. Qed.

Lemma zero_like_length : length (X.zero_like (X.wholes_at c)) = n.
Proof.
  rewrite HWH. pose proof whole_length as WL. pose proof HNE as NE. revert WL NE. generalize (X.inputs_at c) as rows. intros [|row rows] WL NE; [congruence|].
  cbn [map X.zero_like]. rewrite tmap_map, map_length. apply WL. now left.
Qed.

Lemma is_zero_row row : is_zero row = true -> forall d, dot (xr ds row) d = 0.
Proof.
  intros H. pose proof (is_zero_spec row H) as Z. unfold xr, row_reals. clear - Z. revert ds. induction row as [|k row IH]; intros [|e ds] [|x d]; simpl; auto.
  rewrite IH by (intros; apply Z; simpl; auto). rewrite (Z k (or_introl eq_refl)), real_0. lra.
Qed.

Lemma not_zero_row row : In row (X.inputs_at c) -> is_zero row = false -> ~ Forall (fun x => x = 0) (xr ds row).
Proof.
  intros Hin H F. pose proof (HR row Hin) as L. enough (is_zero row = true) by congruence. clear H Hin. unfold xr, row_reals in F. unfold n in L. revert L F. generalize ds as es.
  induction row as [|k row IH]; intros [|e es] L F; simpl in *; try discriminate; auto. inversion F as [|? ? F1 F2]; subst.
  apply real_eq_0 in F1. subst k. unfold is_zero. simpl. apply (IH es); auto.
Qed.

Hypothesis HB : forall k u, D.pick k (X.units c) = Some u -> forall row, In row (X.inputs_at c) -> is_zero row = false -> beside (dir k) (gen k) (xr ds row).

Lemma split_sound name ss : X.is_split c name = true -> obeys ss -> obeys ((name, true) :: ss) \/ obeys ((name, false) :: ss).
Proof.
  intros H Ho. unfold X.is_split in H. destruct (Z.ltb_spec name 0) as [L|L].
  - destruct (Rle_or_lt 0 (weight_of (- name - 1)%Z)) as [P|P]; [left|right]; intros nm tau [E|Hin]; try (now apply Ho); inversion E; subst; (split; intros; [lia|lra]).
  - destruct (D.pick (name / X.samples c) (X.units c)) as [u|] eqn:EU; [|discriminate].
    destruct (D.pick (name mod X.samples c) (X.inputs_at c)) as [row|] eqn:ER; [|discriminate].
    destruct (D.pick _ (X.unit_places u)) as [p|]; [|discriminate]. unfold X.is_boundary in H. apply both in H as [_ H]. apply negb_true_iff in H.
    destruct (HB _ _ EU row (pick_in _ _ _ ER) H) as [B1 [B2 B3]].
    destruct (Rtotal_order (dot (xr ds row) (gen (name / X.samples c)%Z)) 0) as [P|[P|P]]; [right|tauto|left];
      intros nm tau [E|Hin]; try (now apply Ho); inversion E; subst; (split; [|lia]); intros _ r0 Er; rewrite ER in Er; inversion Er; subst; auto.
Qed.

Lemma empty_cone_sound ss la : X.is_empty_cone c ss la = true -> obeys ss -> False.
Proof.
  unfold X.is_empty_cone. intros H Ho. apply both in H as [H H4]. apply both in H as [H H3]. apply both in H as [_ H2].
  apply some_In in H3. destruct H3 as [[name l] [Hin Hl]]. cbn [snd] in Hl. apply qltb_R in Hl. rewrite Q2R_0 in Hl.
  pose proof (all_In _ _ H4 _ Hin) as HE. cbn [fst] in HE. unfold X.is_empty_at in HE. set (k := (name / X.samples c)%Z) in *.
  destruct (X.part_of c ss k la) as [part|] eqn:EP; [|discriminate]. unfold X.part_of in EP. rewrite tfilter_filter in EP. apply collect_Forall2 in EP.
  destruct (U.combination (X.zero_like (X.wholes_at c)) part) as [v D0] eqn:EC. cbn [fst] in HE.
  set (f := fun vm : list Z * Q => Q2R (snd vm) * dot (ints (fst vm)) (gen k)).
  assert (HT : forall nl vm, In nl (filter (fun nl => (fst nl / X.samples c =? k)%Z) la) -> 
     match D.pick (fst nl mod X.samples c) (X.wholes_at c) with Some row => Some (row, U.signed (U.find (fst nl) ss) (snd nl)) | None => None end = Some vm ->
     length (fst vm) = length (X.zero_like (X.wholes_at c)) /\ 0 <= f vm /\ (0 < Q2R (snd nl) -> 0 < f vm)).
  { intros [nm m] vm Hf E. apply filter_In in Hf. destruct Hf as [Hf Hk]. cbn [fst snd] in *. apply Z.eqb_eq in Hk.
    destruct (D.pick _ (X.wholes_at c)) as [wr|] eqn:ER; [|discriminate]. inversion E; subst vm. clear E. cbn [fst snd].
    rewrite HWH in ER. apply pick_map in ER. destruct ER as [row [ER ->]].
    split. { rewrite zero_like_length. apply whole_length. eapply pick_in; eauto. }
    pose proof (all_In _ _ H2 _ Hf) as Q. cbn [fst snd] in Q. apply both in Q as [Q Q3]. apply both in Q as [Q1 Q2]. apply Z.leb_le in Q1. apply qleb_R in Q3. rewrite Q2R_0 in Q3.
    unfold U.mem in Q2. destruct (U.find nm ss) as [tau|] eqn:ES; [|discriminate]. apply find_In in ES. destruct (Ho _ _ ES) as [O _]. specialize (O Q1 row ER). rewrite Hk in O.
    unfold f. cbn [fst snd U.signed]. rewrite whole_dot. pose proof (pos_R wd) as PW. set (g := dot (xr ds row) (gen k)) in *.
    assert (0 < IZR (Zpos wd) * Rabs g). { apply Rmult_lt_0_compat; auto. apply Rabs_pos_lt. destruct tau; lra. }
    destruct tau; [rewrite Rabs_right in H by lra|rewrite Rabs_left in H by lra; rewrite qopp_R]; split; intros; nra. }
  destruct (combination_R (X.zero_like (X.wholes_at c)) part v D0 (gen k) EC) as [_ CR].
  { intros vm Hv. clear - EP HT Hv. revert HT. induction EP as [|nl vm0 l l' E1 _ IH]; intros HT; [destruct Hv|]. destruct Hv as [->|Hv].
    - apply (HT nl); simpl; auto. - apply IH; auto. intros; apply (HT nl0); simpl; auto. }
  rewrite zero_dot in CR by exact HE. fold f in CR.
  assert (HF : In (name, l) (filter (fun nl => (fst nl / X.samples c =? k)%Z) la)). { apply filter_In. split; auto. cbn [fst]. apply Z.eqb_refl. }
  assert (0 < sum part f); [|change (0 = sum part f) in CR; lra]. clear - EP HT HF Hl.
  assert (G : exists vm, In vm part /\ 0 < f vm).
  { revert HF HT. induction EP as [|nl vm0 l0 l' E1 _ IH]; intros HF HT; [destruct HF|]. destruct HF as [->|HF].
    - exists vm0. split; [now left|]. apply (HT (name, l) vm0); simpl; auto.
    - destruct IH as [vm [A B]]; auto. { intros; apply (HT nl0); simpl; auto. } exists vm. simpl. auto. }
  destruct G as [vm [A B]]. apply (sum_positive part f vm); auto.
  intros b Hb. clear - EP HT Hb. revert HT. induction EP as [|nl vm0 l0 l' E1 _ IH]; intros HT; [destruct Hb|]. destruct Hb as [->|Hb].
  - apply (HT nl); simpl; auto. - apply IH; auto. intros; apply (HT nl0); simpl; auto.
Qed.

(* ---- The units of a leaf ---- *)
Section Leaf.
Context {A : Type} (T : list A) (row : A -> list Z) (rz : A -> Z) (factor : Q) (ss : U.signs) (lf : X.leaf).
Hypothesis HT : X.inputs_at c = map row T.
Hypothesis HF : 0 < Q2R factor.
Hypothesis HO : obeys ss.
Notation hz := (E.compile h).
Notation PHI := (phi T h row rz ds factor).

Lemma still_unit v j w w' d : (0 <= j)%Z -> dir j = d ->
  (forall s, In s T -> act (act_R h) (dot w' (xr ds (row s))) = act (act_R h) (dot (reals w) (xr ds (row s))) + gain h (place_at h ds w (row s)) (dot (xr ds (row s)) d)) ->
  X.is_still c ss lf factor v (map rz T) j (X.unit_for hz (map row T, ds) w) = true ->
  0 <= Q2R v * (PHI w' - PHI (reals w)).
Proof.
  intros Hj Hd HA H. unfold X.is_still in H. destruct (collect _ _) as [qs|] eqn:EC; [|discriminate]. apply collect_Forall2 in EC.
  unfold X.items_of, X.unit_for in EC. cbn [X.unit_places fst snd] in EC. rewrite !tmap_map, !tzip_zip, HT, !map_map in EC.
  rewrite (zip_map pair _ rz), (zip_map pair row) in EC. rewrite indices_count, count_up_map in EC.
  rewrite tzip_zip in H. destruct (U.combination _ _) as [vv D0] eqn:ECB. cbn [fst] in H.
  assert (WE : X.wholes_at c = map (fun s => E.rescale wd ds (row s)) T) by (rewrite HWH, HT, map_map; reflexivity).
  assert (LQ : length qs = length T). { apply Forall2_len in EC. rewrite <- EC, zip_length; rewrite ?count_up_length, ?map_length; auto. }
  destruct (combination_R _ _ vv D0 d ECB) as [_ CR].
  { intros vm Hv. rewrite zero_like_length. rewrite WE in Hv. apply in_zip in Hv. destruct Hv as [a [q [Ha [_ ->]]]]. cbn [fst]. apply in_map_iff in Ha. destruct Ha as [s [<- Hs]].
    apply whole_length. rewrite HT. now apply in_map. }
  rewrite zero_dot in CR by exact H. rewrite WE in CR.
  pose proof (still_sum h ds factor HF c ss lf HU row rz (fun s => place_at h ds w (row s)) (fun s => E.rescale wd ds (row s)) (IZR (Zpos wd)) d (pos_R wd) (fun s => whole_dot (row s) d)
    v j T (count_up 0 T) qs (count_up_length T 0) EC) as Q.
  assert (HI : forall i s, In (i, s) (zip pair (count_up 0 T) T) -> (is_zero (row s) = true -> dot (xr ds (row s)) d = 0) /\
     forall tau, In ((j * X.samples c + i)%Z, tau) ss -> if tau : bool then 0 <= dot (xr ds (row s)) d else dot (xr ds (row s)) d <= 0).
  { intros i s Hin. split; [intros Z0; now apply is_zero_row|]. intros tau Ht. apply count_up_pick in Hin. destruct Hin as [P R]. rewrite Z.sub_0_r in P.
    assert (LN : X.samples c = Z.of_nat (length T)) by (rewrite HN, HT, map_length; reflexivity).
    destruct (HO _ _ Ht) as [O1 O2]. pose proof samples_positive as SP.
    assert (EM : ((j * X.samples c + i) mod X.samples c = i)%Z) by (rewrite Z.add_comm, Z.mod_add by lia; apply Z.mod_small; lia).
    assert (EDv : ((j * X.samples c + i) / X.samples c = j)%Z) by (rewrite Z.div_add_l by lia; rewrite Z.div_small by lia; lia).
    rewrite EM, EDv in O1. destruct (Z_lt_le_dec (j * X.samples c + i) 0) as [L|L].
    - exfalso. nia.
    - assert (PR : D.pick i (X.inputs_at c) = Some (row s)). { rewrite HT. clear - P. revert i P. induction T as [|a T' IH]; intros i P; simpl in *; [discriminate|]. destruct (i =? 0)%Z; [congruence|auto]. }
      specialize (O1 L (row s) PR). rewrite Hd in O1. destruct tau; tauto. }
  specialize (Q HI).
  assert (ES : sum T (fun s => Q2R factor * IZR (rz s) * gain h (place_at h ds w (row s)) (dot (xr ds (row s)) d)) = PHI w' - PHI (reals w)).
  { unfold phi. replace (sum T (fun s => rr rz factor s * act (act_R h) (dot w' (xt row ds s))) - sum T (fun s => rr rz factor s * act (act_R h) (dot (reals w) (xt row ds s))))
      with (sum T (fun s => rr rz factor s * act (act_R h) (dot w' (xt row ds s))) + (-1) * sum T (fun s => rr rz factor s * act (act_R h) (dot (reals w) (xt row ds s)))) by lra.
    rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros s Hs. unfold xt. fold (xr ds (row s)). rewrite (HA s Hs). unfold rr. lra. }
  cbv beta in Q. rewrite ES in Q. pose proof (pos_R wd). nra.
Qed.
End Leaf.
End Leaves.

(* ---- All units of a leaf, with parameters near by ---- *)
Fixpoint moved (dir : Z -> list R) (weight_of : Z -> R) (j : Z) (ws : list (list Q)) (vs : list Q) (ws' : list (list R)) (vs' : list R) : Prop :=
  match ws, vs, ws', vs' with
  | [], [], [], [] => True
  | w :: ws1, v :: vs1, w' :: ws2, v' :: vs2 =>
      dir j = axpy (-1) (reals w) w' /\ weight_of j = v' /\ (Q2R v <> 0 -> Rabs (v' - Q2R v) < Rabs (Q2R v)) /\ moved dir weight_of (j + 1) ws1 vs1 ws2 vs2
  | _, _, _, _ => False
  end.

Lemma dead_R v : X.is_dead v = true <-> Q2R v = 0.
Proof.
  unfold X.is_dead. destruct v as [a b]. cbn [Qnum]. rewrite Q2R_make. split; intros H.
  - apply Z.eqb_eq in H. subst. apply real_0. - apply real_eq_0 in H. now apply Z.eqb_eq.
Qed.

Section Units.
Variables (h : E.activation) (ds : list positive) (c : X.cells).
Hypothesis HG : good_activation h.
Hypothesis HR : forall row, In row (X.inputs_at c) -> length row = length ds.
Hypothesis HN : X.samples c = Z.of_nat (length (X.inputs_at c)).
Hypothesis HU : X.slope_unit c = E.unit_of (E.compile h).
Variable wd : positive.
Hypothesis HWD : forall dd, In dd ds -> (Zpos dd | Zpos wd)%Z.
Hypothesis HWH : X.wholes_at c = map (E.rescale wd ds) (X.inputs_at c).
Hypothesis HNE : X.inputs_at c <> [].
Variables (dir gen : Z -> list R) (weight_of : Z -> R).
Context {A : Type} (T : list A) (row : A -> list Z) (rz : A -> Z) (factor : Q) (ss : U.signs) (lf : X.leaf).
Hypothesis HT : X.inputs_at c = map row T.
Hypothesis HF : 0 < Q2R factor.
Hypothesis HO : obeys c ds dir gen weight_of ss.
Notation hz := (E.compile h).
Notation PHI := (phi T h row rz ds factor).

Lemma units_sound : forall ws vs ws' vs' j, (0 <= j)%Z -> (forall w, In w ws -> length w = length ds) ->
  X.check_units_at c ss lf factor (map rz T) j (map (X.unit_for hz (map row T, ds)) ws) vs = true ->
  moved dir weight_of j ws vs ws' vs' ->
  Forall2 (fun w w' => forall s, In s T -> act (act_R h) (dot w' (xr ds (row s))) = act (act_R h) (dot (reals w) (xr ds (row s))) + gain h (place_at h ds w (row s)) (dot (xr ds (row s)) (axpy (-1) (reals w) w'))) ws ws' ->
  Forall2 (fun w w' => (0 < PHI (reals w) -> 0 <= PHI w') /\ (PHI (reals w) < 0 -> PHI w' <= 0)) ws ws' ->
  vphi T h row rz ds factor (reals vs) (map reals ws) = 0 /\ 0 <= vphi T h row rz ds factor vs' ws'.
Proof.
  induction ws as [|w ws IH]; intros [|v vs] ws' vs' j Hj Hw H HM HA HP; cbn [map X.check_units_at] in H; try discriminate.
  - destruct ws', vs'; simpl in HM; try tauto. simpl. split; lra.
  - destruct ws' as [|w' ws'], vs' as [|v' vs']; simpl in HM; try tauto. destruct HM as [M1 [M2 [M3 M4]]]. inversion HA as [|? ? ? ? A1 A2]; subst. inversion HP as [|? ? ? ? P1 P2]; subst.
    apply both in H as [H1 H2]. destruct (IH vs ws' vs' (j + 1)%Z ltac:(lia) ltac:(intros; apply Hw; simpl; auto) H2 M4 A2 P2) as [I1 I2].
    assert (SU : forall vv, X.is_still c ss lf factor vv (map rz T) j (X.unit_for hz (map row T, ds) w) = true -> 0 <= Q2R vv * (PHI w' - PHI (reals w))).
    { intros vv Hs. eapply (still_unit h ds c HR HN HU wd HWD HWH HNE dir gen weight_of T row rz factor ss lf HT HF HO vv j w w'); eauto. }
    unfold X.check_unit_at in H1. set (S := zdot 0 (map rz T) (X.unit_values _)) in H1.
    assert (PR : exists k, 0 < k /\ PHI (reals w) = k * IZR S).
    { pose proof (phi_R T h row rz ds factor HG w) as PR. exists (Q2R factor / IZR (Zpos (E.unit_of hz * E.denominator (E.make_unit ds w 0)))).
      split; [apply Rdiv_lt_0_compat; auto|]. etransitivity; [exact PR|]. do 2 f_equal. unfold S, X.unit_for. cbn [X.unit_values fst snd]. rewrite !tmap_map, !map_map. reflexivity. }
    destruct PR as [k [Pk PR]]. cbn [vphi reals map]. change (map Q2R vs) with (reals vs). rewrite I1.
    destruct (X.is_dead v) eqn:ED.
    + apply dead_R in ED. rewrite ED. split; [lra|]. enough (0 <= weight_of j * PHI w') by lra.
      destruct (U.find (X.weight_name j) ss) as [tau|] eqn:ES; [|discriminate]. apply find_In in ES.
      destruct (HO _ _ ES) as [_ O]. unfold X.weight_name in O. specialize (O ltac:(lia)). replace (- - (j + 1) - 1)%Z with j in O by lia.
      destruct (X.is_positive lf j).
      { destruct P1 as [P1 P3]. destruct tau; apply Z.ltb_lt, IZR_lt in H1.
        - assert (0 < PHI (reals w)) by (rewrite PR; now apply Rmult_lt_0_compat). apply Rmult_le_pos; auto.
        - assert (PHI (reals w) < 0) by (rewrite PR; nra). specialize (P3 H). nra. }
      apply both in H1 as [B1 B2]. specialize (SU _ B2).
      destruct tau.
      * apply Z.leb_le, IZR_le in B1. assert (0 <= PHI (reals w)) by (rewrite PR; apply Rmult_le_pos; lra). rewrite Q2R_make in SU. unfold real in SU. apply Rmult_le_pos; lra.
      * apply Z.leb_le, IZR_le in B1. assert (PHI (reals w) <= 0) by (rewrite PR; nra). rewrite Q2R_make in SU. unfold real in SU. nra.
    + assert (V0 : Q2R v <> 0) by (intros F; apply dead_R in F; congruence). apply both in H1 as [B1 B2]. apply Z.eqb_eq in B1. specialize (SU _ B2). rewrite B1 in PR.
      assert (P0 : PHI (reals w) = 0) by (rewrite PR; lra). rewrite P0 in *. split; [lra|]. enough (0 <= weight_of j * PHI w') by lra. specialize (M3 V0).
      set (f := PHI w') in *. rewrite Rminus_0_r in SU.
      destruct (Rlt_or_le 0 (Q2R v)) as [L|L].
      * rewrite (Rabs_right (Q2R v)) in M3 by lra. apply Rabs_def2 in M3. assert (0 <= f) by nra. apply Rmult_le_pos; lra.
      * assert (L2 : Q2R v < 0) by lra. rewrite (Rabs_left (Q2R v)) in M3 by lra. apply Rabs_def2 in M3. assert (f <= 0) by nra. nra.
Qed.
End Units.
