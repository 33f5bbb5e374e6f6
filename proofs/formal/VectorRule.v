(* The rule `unitwise vectors` is sound (proofs/unitwise_vectors.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound PointSound UnitwiseSound UnitForm UnitwiseRule VectorTree.
From Exactsurf Require Evaluate CheckUnitwise CheckVectors Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module V := CheckVectors.

Section Units.
Context {A : Type} (T : list A) (h : E.activation) (row : A -> list Z) (rz : nat -> A -> Z) (m : nat) (ds : list positive) (factor : Q).
Hypothesis HT : T <> [].
Hypothesis HG : good_activation h.
Let n := length ds.
Hypothesis HR : forall s, In s T -> length (row s) = n.
Hypothesis HF : 0 < Q2R factor.
Notation hz := (E.compile h).
Notation PHI k := (phi T h row (rz k) ds factor).
Notation us ks := (map (fun k => U.unitwise_of hz (map row T, ds) (map (rz k) T) factor) ks).

Definition vsum (ks : list nat) (v' : list R) (w' : list R) : R := sum ks (fun k => nth k v' 0 * PHI k w').

Lemma forms_sum w ps fs d : length w = n -> length d = n ->
  ps = map (fun s => E.place_of hz (zdot (E.constant (E.make_unit ds w 0)) (E.factors (E.make_unit ds w 0)) (row s)) (E.denominator (E.make_unit ds w 0))) T ->
  forall ks, Forall2 (fun u f => U.form_of u 1 ps = Some f) (us ks) fs ->
  Forall (fun f => good_form f n) fs /\ forall v' c, (forall i, (i < length ks)%nat -> nth i ks 0%nat = (c + i)%nat) -> (length ks <= length v')%nat ->
    vform v' fs d = sum ks (fun k => nth (k - c) v' 0 * change T h row (rz k) ds factor w d).
Proof.
  intros Lw Ld -> ks. revert fs. induction ks as [|k ks IH]; intros fs H; inversion H as [|? f ? fs' H1 H2]; subst.
  - split; [constructor|]. intros v' c _ _. destruct v'; reflexivity.
  - destruct (form_sound T h row (rz k) ds factor HT HR HF w Lw 1 f H1) as [G P]. destruct (IH fs' H2) as [IH1 IH2]. split; [constructor; auto|].
    intros v' c Hk Hv. destruct v' as [|a v']; [simpl in Hv; lia|]. cbn [vform sum]. rewrite (P d Ld).
    assert (Kc : k = c). { specialize (Hk 0%nat ltac:(simpl; lia)). simpl in Hk. lia. } subst k. replace (c - c)%nat with 0%nat by lia. cbn [nth].
    rewrite (IH2 v' (S c)).
    + rewrite Rmult_1_l. f_equal. apply sum_ext. intros k Hin. apply (In_nth _ _ 0%nat) in Hin. destruct Hin as [i [Hi Hn]]. specialize (Hk (S i) ltac:(simpl; lia)). simpl in Hk.
      rewrite Hn in Hk. replace (k - c)%nat with (S (k - S c)) by lia. reflexivity.
    + intros i Hi. specialize (Hk (S i) ltac:(simpl; lia)). simpl in Hk. lia.
    + simpl in Hv. lia.
Qed.

Lemma phis_near w ks : exists e, 0 < e /\ forall w', near_list e (reals w) w' -> forall k, In k ks -> PHI k w' = PHI k (reals w) + change T h row (rz k) ds factor w (axpy (-1) (reals w) w').
Proof.
  induction ks as [|k ks [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? _ ? []. }
  destruct (phi_near T h row (rz k) ds factor HG w) as [e2 [H2 P2]]. exists (Rmin e1 e2). split; [mins|]. intros w' Hn j [<-|Hj].
  - apply P2. eapply near_list_mono; [apply Rmin_r|eauto]. - apply P1; auto. eapply near_list_mono; [apply Rmin_l|eauto].
Qed.

Lemma vector_unit_sound w v nodes : length w = n -> length v = m -> V.check_vector_unit hz (us (seq 0 m)) w v nodes = true ->
  (forall k, In k (seq 0 m) -> PHI k (reals w) = 0) /\
  exists e, 0 < e /\ forall v' w', near_list e (reals v) v' -> near_list e (reals w) w' -> 0 <= vsum (seq 0 m) v' w'.
Proof.
  intros Lw Lv H. unfold V.check_vector_unit in H. destruct (us (seq 0 m)) as [|u0 ur] eqn:EU; [discriminate|]. rewrite <- EU in H. cbv zeta in H.
  assert (Hu0 : exists k, u0 = U.unitwise_of hz (map row T, ds) (map (rz k) T) factor).
  { destruct (seq 0 m) as [|k ks]; [discriminate|]. simpl in EU. inversion EU. eauto. }
  destruct Hu0 as [k0 ->]. cbn [U.unitwise_of U.rows U.dens fst snd] in H. rewrite !tmap_map, !map_map in H.
  apply both in H as [HZ H]. destruct (collect _ _) as [fs|] eqn:EC; [|discriminate]. destruct fs as [|f0 fr] eqn:EFs; [discriminate|]. rewrite <- EFs in *.
  apply both in H as [H HW]. apply both in H as [HS _]. apply collect_Forall2 in EC.
  assert (PZ : forall k, In k (seq 0 m) -> PHI k (reals w) = 0).
  { intros k Hk. pose proof (phi_R T h row (rz k) ds factor HG w) as PR. etransitivity; [exact PR|]. apply Rmult_eq_0_compat_l.
    apply all_In with (a := U.unitwise_of hz (map row T, ds) (map (rz k) T) factor) in HZ; [|now apply (in_map (fun k => U.unitwise_of hz (map row T, ds) (map (rz k) T) factor))].
    apply Z.eqb_eq in HZ. apply (f_equal IZR) in HZ. exact HZ. }
  split; auto.
  destruct (forms_sum w _ fs (repeat 0 n) Lw (repeat_length _ _) eq_refl (seq 0 m) EC) as [GF _].
  rewrite Forall_forall in GF.
  assert (HFS : forall f, In f fs -> good_form f n /\ V.same_planes f0 f = true).
  { intros f Hf. split; auto. now apply all_In with (a := f) in HS. }
  assert (H0 : good_form f0 n) by (apply GF; rewrite EFs; now left).
  destruct (vector_tree_sound fs f0 n v H0 HFS nodes (incl_refl _)) as [e1 [H1 P1]]; auto. { now rewrite EFs. }
  destruct (phis_near w (seq 0 m)) as [e2 [H2 P2]]. exists (Rmin e1 e2). split; [mins|]. intros v' w' Hv Hw.
  set (d := axpy (-1) (reals w) w').
  assert (Hd : length d = n). { unfold d. apply near_lengths in Hw. unfold reals in Hw. rewrite map_length in Hw. rewrite axpy_length; [congruence|]. unfold reals. rewrite map_length. congruence. }
  specialize (P1 v' (near_list_mono _ _ _ _ (Rmin_l _ _) Hv) d Hd).
  destruct (forms_sum w _ fs d Lw Hd eq_refl (seq 0 m) EC) as [_ FS]. rewrite (FS v' 0%nat) in P1.
  - unfold vsum. rewrite (sum_ext _ _ (fun k => nth (k - 0) v' 0 * change T h row (rz k) ds factor w d)); auto.
    intros k Hk. rewrite (P2 w' (near_list_mono _ _ _ _ (Rmin_r _ _) Hw) k Hk), (PZ k Hk), Nat.sub_0_r. unfold d. lra.
  - intros i Hi. rewrite seq_length in Hi. now rewrite seq_nth.
  - rewrite seq_length. apply near_lengths in Hv. unfold reals in Hv. rewrite map_length in Hv. lia.
Qed.

(* All units: the columns of W2 one after the other. *)
Definition vtotal (W2 : list (list R)) (ws : list (list R)) : R :=
  sum (seq 0 m) (fun k => sum T (fun s => rr (rz k) factor s * dot (nth k W2 []) (map (act (act_R h)) (map (fun w => dot w (xt row ds s)) ws)))).

Lemma vtotal_cons W2 w ws : vtotal W2 (w :: ws) = vsum (seq 0 m) (map (hd 0) W2) w + vtotal (map (@tl R) W2) ws.
Proof.
  unfold vtotal, vsum. rewrite <- sum_plus. apply sum_ext. intros k _.
  assert (E1 : nth k (map (hd 0) W2) 0 = hd 0 (nth k W2 [])) by exact (map_nth (hd 0) W2 [] k).
  assert (E2 : nth k (map (@tl R) W2) [] = tl (nth k W2 [])) by exact (map_nth (@tl R) W2 [] k). rewrite E1, E2.
  unfold phi. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros s _. cbn [map]. destruct (nth k W2 []) as [|a r]; simpl; lra.
Qed.

Lemma vtotal_nil W2 : vtotal W2 [] = 0.
Proof. unfold vtotal. apply sum_0. intros k _. apply sum_0. intros s _. simpl. rewrite dot_nil_r. lra. Qed.

Lemma heads_near e w2 W2 : 0 < e -> Forall2 (near_list e) (map reals w2) W2 -> near_list e (reals (map V.head w2)) (map (hd 0) W2) /\ Forall2 (near_list e) (map reals (map V.tail w2)) (map (@tl R) W2).
Proof.
  intros He. revert W2. induction w2 as [|r w2 IH]; intros W2 H; inversion H as [|? R0 ? W2' H1 H2]; subst; simpl; [split; constructor|].
  destruct (IH _ H2) as [A1 B1]. split; constructor; auto.
  - destruct r as [|q r]; simpl in H1; inversion H1; subst; simpl; auto. unfold Q2R. simpl. rewrite Rmult_0_l, Rminus_0_r, Rabs_R0. auto.
  - destruct r as [|q r]; simpl in H1; inversion H1; subst; simpl; auto.
Qed.

Lemma vector_units_near : forall ws w2 units, (forall w, In w ws -> length w = n) -> length w2 = m -> V.check_vector_units hz (us (seq 0 m)) ws w2 units = true ->
  vtotal (map reals w2) (map reals ws) = 0 /\
  exists e, 0 < e /\ forall W2 ws', Forall2 (near_list e) (map reals w2) W2 -> Forall2 (near_list e) (map reals ws) ws' -> 0 <= vtotal W2 ws'.
Proof.
  induction ws as [|w ws IH]; intros w2 [|t units] Hw Lm H; cbn [V.check_vector_units] in H; try discriminate.
  - split; [apply vtotal_nil|]. exists 1. split; [lra|]. intros W2 ws' _ B. inversion B. rewrite vtotal_nil. lra.
  - apply both in H as [Hu H]. rewrite !tmap_map in *.
    destruct (IH (map V.tail w2) units) as [Z [e1 [H1 P1]]]; auto. { intros; apply Hw; simpl; auto. } { now rewrite map_length. }
    destruct (vector_unit_sound w (map V.head w2) t (Hw w (or_introl eq_refl))) as [PZ [e2 [H2 P2]]]; auto. { now rewrite map_length. }
    split.
    + cbn [map]. rewrite vtotal_cons. unfold vsum. rewrite (sum_0 (seq 0 m)) by (intros k Hk; rewrite (PZ k Hk); lra). rewrite map_map in Z |- *.
      assert (ET : map (fun r => tl (reals r)) w2 = map (fun r => reals (V.tail r)) w2) by (apply map_ext; intros [|q r]; reflexivity). rewrite ET, Z. lra.
    + exists (Rmin e1 e2). split; [mins|]. intros W2 ws' HW2 Hws. inversion Hws as [|? w' ? ws'' W1 W2']; subst. rewrite vtotal_cons.
      assert (EP : 0 < Rmin e1 e2) by mins. destruct (heads_near (Rmin e1 e2) w2 W2 EP HW2) as [A1 B1].
      assert (M : forall u v, Forall2 (near_list (Rmin e1 e2)) u v -> Forall2 (near_list e1) u v) by (intros u v HH; induction HH; constructor; auto; eapply near_list_mono; [apply Rmin_l|eauto]).
      pose proof (P1 _ _ (M _ _ B1) (M _ _ W2')) as Q1.
      pose proof (P2 _ _ (near_list_mono _ _ _ _ (Rmin_r _ _) A1) (near_list_mono _ _ _ _ (Rmin_r _ _) W1)) as Q2. lra.
Qed.
End Units.

Lemma transpose_columns {A} (T : list A) (f : A -> list Z) m : T <> [] -> (forall s, In s T -> length (f s) = m) ->
  transpose (map f T) = map (fun k => map (fun s => nth k (f s) 0%Z) T) (seq 0 m).
Proof.
  intros HT Hf. destruct (transpose_nth 0%Z f m T HT Hf) as [L N]. apply (nth_ext _ _ [] []).
  - now rewrite map_length, seq_length.
  - intros k Hk. rewrite L in Hk. rewrite N by auto. rewrite (nth_indep _ [] ((fun k => map (fun s => nth k (f s) 0%Z) T) 0%nat)) by (rewrite map_length, seq_length; auto).
    rewrite (map_nth (fun k => map (fun s => nth k (f s) 0%Z) T)), seq_nth by auto. reflexivity.
Qed.

Theorem check_unitwise_vectors_sound p n ms ls given r units : let h := E.compile (E.activation_of p) in
  let x := table_of (map E.inputs (E.data p)) in let y := table_of (map E.targets (E.data p)) in
  good_problem p n ms -> shaped n ms ls -> E.convex (E.loss_on p) = true ->
  E.subgradient_of (E.gap_of (E.loss_on p)) (E.scale p) (Check.fit_for p h x y ls) given = Some r ->
  V.check_unitwise_vectors h ls x r units = true -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros h x y HP HS HV Hr H.
  destruct (point_subgradient p n ms HP ls given r HS HV Hr) as [P [P1 [P2 [P3 [P4 P5]]]]].
  destruct (input_rows p n ms HP) as [X [X1 [X2 X3]]]. fold x in X1, X2, X3.
  unfold V.check_unitwise_vectors in H. destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate.
  destruct ms as [|m1 [|m [|? ?]]]; try (simpl in HS; tauto).
  pose proof HS as [S1 [S2 [S3 [T1 [T2 [T3 _]]]]]]. cbn [last_nat] in P4.
  set (b1 := match E.bias l1 with None => false | Some _ => true end) in *.
  assert (PN : P <> []) by (intros F; apply (good_data _ _ _ HP); rewrite <- P1, F; reflexivity).
  set (rz := fun (k : nat) (s : sample * list Z) => nth k (snd s) 0%Z).
  assert (ER : transpose (E.r_rows r) = map (fun k => map (rz k) P) (seq 0 m)).
  { rewrite <- P2. apply transpose_columns; auto. intros [a rw] Hs. eapply P4; eauto. }
  cbv zeta in H. rewrite ER in H. apply both in H as [Hb Hu].
  assert (PD : forall s, In s P -> In (fst s) (E.data p)) by (intros s Hs; rewrite <- P1; now apply in_map).
  set (row := fun s : sample * list Z => if b1 then X (fst s) ++ [1%Z] else X (fst s)).
  set (ds := if b1 then snd x ++ [1%positive] else snd x).
  assert (ET : U.extend b1 x = (map row P, ds)).
  { unfold U.extend, row, ds. destruct b1.
    - rewrite tmap_map, append_app, X1, <- P1, !map_map. f_equal. apply map_ext. intros s. apply append_app.
    - rewrite (surjective_pairing x), X1, <- P1, map_map. reflexivity. }
  rewrite ET, tmap_map, map_map in Hu.
  assert (LR : forall s, In s P -> length (row s) = length ds).
  { intros s Hs. destruct (X2 _ (PD s Hs)) as [_ L]. unfold row, ds. destruct b1; rewrite ?app_length; cbn [length]; lia. }
  assert (LW : forall w, In w (U.extended_rows l1) -> length w = length ds).
  { clear Hb Hu. rewrite Forall_forall in S2. unfold U.extended_rows, ds, b1. destruct (E.bias l1) as [b|].
    - rewrite tzip_zip. intros w. revert S2. clear - X3. revert b. induction (E.weights l1) as [|w0 W IH]; intros [|c b] S2 Hin; simpl in Hin; try tauto. destruct Hin as [<-|Hin].
      + rewrite append_app, !app_length, X3, S2; simpl; auto. + apply (IH b); auto. intros; apply S2; simpl; auto.
    - intros w Hw. rewrite X3. auto. }
  destruct (vector_units_near P (E.activation_of p) row rz m ds (E.r_factor r) PN (good_rising _ _ _ HP) LR P3 _ _ _ LW T1 Hu) as [Z [e [He PE]]].
  rewrite extended_rows_R in Z, PE.
  assert (XT : forall s, In s P -> xt row ds s = input (layer_R l1) (reals (E.inputs (fst s)))).
  { intros s Hs. destruct (X2 _ (PD s Hs)) as [EX L].
    assert (EA : row_reals (snd x ++ [1%positive]) (X (fst s) ++ [1%Z]) = reals (E.inputs (fst s)) ++ [1]) by (rewrite row_reals_append by (rewrite L; exact X3); now rewrite EX).
    clearbody x. unfold xt, row, ds, input, b1. cbn [bias layer_R]. destruct (E.bias l1); cbn [option_map]; auto. }
  assert (Q : forall ls', near e (parameters_R [l1; l2]) ls' -> exists W2 ws', Forall2 (near_list e) (map reals (E.weights l2)) W2 /\ Forall2 (near_list e) (augmented (layer_R l1)) ws'
     /\ (ls' = parameters_R [l1; l2] -> W2 = map reals (E.weights l2) /\ ws' = augmented (layer_R l1))
     /\ sum P (fun s => dot (weighted r (snd s)) (predict (act_R (E.activation_of p)) ls' (reals (E.inputs (fst s))))) = vtotal P (E.activation_of p) row rz m ds (E.r_factor r) W2 ws').
  { intros ls' Hn.
    assert (SPL : exists k1 k2, ls' = [k1; k2] /\ near_layer e (layer_R l1) k1 /\ near_layer e (layer_R l2) k2).
    { clear - Hn. inversion Hn as [|? k1 ? rest N1 Hn2]; subst. inversion Hn2 as [|? k2 ? rest2 N2 Hn3]; subst. inversion Hn3; subst. exists k1, k2. auto. }
    destruct SPL as [k1 [k2 [-> [N1 N2]]]].
    exists (weights k2), (augmented k1). destruct N2 as [W2 B2]. split; [exact W2|]. split; [now apply near_augmented|]. split. { intros F. inversion F; subst. auto. }
    assert (PR : forall s, In s P -> predict (act_R (E.activation_of p)) [k1; k2] (reals (E.inputs (fst s))) = affine k2 (map (act (act_R (E.activation_of p))) (map (fun w => dot w (xt row ds s)) (augmented k1)))).
    { intros s Hs. cbn [predict]. do 2 f_equal. destruct N1 as [W1 B1]. simpl in W1, B1. rewrite XT by auto.
      assert (LW1 : forall w, In w (weights k1) -> length w = n).
      { assert (LW0 : forall w, In w (map reals (E.weights l1)) -> length w = n) by (intros w Hin; apply in_map_iff in Hin; destruct Hin as [q [<- Hq]]; unfold reals; rewrite map_length; rewrite Forall_forall in S2; auto).
        clear - W1 LW0. induction W1 as [|a a' A1 A1' Ha HA IH]; intros w []; subst. - rewrite <- (Forall2_len _ _ _ Ha). apply LW0. now left. - apply IH; auto. intros; apply LW0. now right. }
      rewrite affine_augmented.
      - apply map_ext. intros w. f_equal. unfold input. unfold near_bias in B1. simpl. destruct (E.bias l1), (bias k1); simpl in B1; tauto.
      - intros w Hin. rewrite LW1 by auto. unfold reals. rewrite map_length. symmetry. apply (good_rows _ _ _ HP _ (PD s Hs)).
      - intros b' Eb. unfold near_bias in B1. rewrite Eb in B1. destruct (E.bias l1) as [b|]; simpl in B1; [|tauto]. rewrite <- (Forall2_len _ _ _ B1), <- (Forall2_len _ _ _ W1). unfold reals. rewrite !map_length. congruence. }
    set (z := fun s => map (act (act_R (E.activation_of p))) (map (fun w => dot w (xt row ds s)) (augmented k1))) in *.
    rewrite (sum_ext P _ (fun s => sum (seq 0 m) (fun k => rr (rz k) (E.r_factor r) s * nth k (affine k2 (z s)) 0))).
    - rewrite sum_swap. unfold vtotal. apply sum_ext. intros k Hk. destruct (affine_nth k2 k) as [beta [Bn Ba]].
      rewrite (sum_ext P _ (fun s => rr (rz k) (E.r_factor r) s * dot (nth k (weights k2) []) (z s) + beta * rr (rz k) (E.r_factor r) s)) by (intros s _; rewrite Ba; lra).
      rewrite sum_plus, sum_scal. match goal with |- ?a + ?b = _ => enough (b = 0) as E0 by (rewrite E0, Rplus_0_r; reflexivity) end.
      simpl in B2. unfold near_bias in B2. destruct (E.bias l2) as [b|] eqn:Eb.
      + apply all_In with (a := map (rz k) P) in Hb; [|now apply (in_map (fun k => map (rz k) P))]. apply Z.eqb_eq in Hb.
        assert (SR : sum P (rr (rz k) (E.r_factor r)) = 0) by (unfold rr; rewrite sum_scal, <- (sum_map P (rz k) IZR), <- zsum_R, Hb; lra). rewrite SR. lra.
      + simpl in B2. destruct (bias k2); [tauto|]. rewrite Bn by auto. lra.
    - intros s Hs. rewrite (PR s Hs). assert (LS : length (snd s) = m) by (destruct s as [a rw]; apply (P4 a rw Hs)).
      rewrite (dot_nth m) by (unfold weighted, times; rewrite map_length; lia). apply sum_ext. intros k _. f_equal. unfold weighted, times, rr, rz.
      replace 0 with (Q2R (E.r_factor r) * IZR 0) at 1 by lra. apply (map_nth (fun n => Q2R (E.r_factor r) * IZR n)). }
  exists e. split; auto. intros ls' Hn. pose proof (P5 e ls' Hn) as R5.
  destruct (Q _ Hn) as [v1 [w1 [A1 [B1 [_ Q1]]]]]. destruct (Q _ (near_refl e _ He)) as [v0 [w0 [_ [_ [Hs Q0]]]]]. destruct (Hs eq_refl) as [-> ->].
  rewrite Q1, Q0, Z in R5. pose proof (PE _ _ A1 B1). lra.
Qed.
