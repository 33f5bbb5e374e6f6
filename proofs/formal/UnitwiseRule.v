(* The rule `unitwise` is sound (theorem A, proofs/unitwise.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound PointSound UnitwiseSound UnitForm.
From Exactsurf Require Evaluate CheckUnitwise Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.

(* ---- The bias as one more input ---- *)
Definition augmented (l : layer) : list (list R) := match bias l with None => weights l | Some b => zip (fun w c => w ++ [c]) (weights l) b end.
Definition input (l : layer) (x : list R) : list R := match bias l with None => x | Some _ => x ++ [1] end.

Lemma dot_app w c x y : length w = length x -> dot (w ++ [c]) (x ++ [y]) = dot w x + c * y.
Proof. revert x. induction w as [|a w IH]; intros [|b x] H; simpl in *; try discriminate; try lra. rewrite IH by lia. lra. Qed.

Lemma affine_augmented l x : (forall w, In w (weights l) -> length w = length x) -> (forall b, bias l = Some b -> length b = length (weights l)) ->
  affine l x = map (fun w => dot w (input l x)) (augmented l).
Proof.
  intros Hw Hb. unfold affine, augmented, input. destruct (bias l) as [b|]; auto. specialize (Hb b eq_refl).
  revert b Hb. induction (weights l) as [|w W IH]; intros [|c b] Hb; simpl in *; try discriminate; auto.
  rewrite IH; auto. f_equal. rewrite dot_app by auto. lra.
Qed.

Lemma near_augmented e l l' : near_layer e l l' -> Forall2 (near_list e) (augmented l) (augmented l').
Proof.
  intros [HW Hb]. unfold augmented, near_bias in *. destruct (bias l) as [b|], (bias l') as [b'|]; try tauto.
  revert b b' Hb. induction HW as [|w w' W W' Hw HW IH]; intros b b' Hb; simpl; [constructor|].
  inversion Hb as [|c c' b0 b0' Hc Hb0]; subst; constructor; [|now apply IH]. apply Forall2_app; [exact Hw|]. constructor; [exact Hc|constructor].
Qed.

Lemma append_app {A} (l : list A) a : U.append l a = l ++ [a].
Proof. unfold U.append. rewrite !rev_onto_spec, app_nil_r, rev_involutive. reflexivity. Qed.

Lemma extended_rows_R l : map reals (U.extended_rows l) = augmented (layer_R l).
Proof.
  unfold U.extended_rows, augmented. simpl. destruct (E.bias l) as [b|]; simpl; auto. rewrite tzip_zip.
  revert b. induction (E.weights l) as [|w W IH]; intros [|c b]; simpl; auto. rewrite IH, append_app. f_equal. unfold reals. now rewrite map_app.
Qed.

Lemma zero_gradient g : all (fun q => Z.eqb (Qnum q) 0) g = true -> forall d, dot (reals g) d = 0.
Proof.
  induction g as [|q g IH]; intros S [|a d]; simpl; auto. simpl in S. apply both in S as [Q S]. rewrite IH by auto. apply Z.eqb_eq in Q.
  destruct q as [n e]. simpl in Q. subst. rewrite Q2R_make, real_0. lra.
Qed.

Section Units.
Context {A : Type} (T : list A) (h : E.activation) (row : A -> list Z) (rz : A -> Z) (ds : list positive) (factor : Q).
Hypothesis HT : T <> [].
Hypothesis HG : good_activation h.
Let n := length ds.
Hypothesis HR : forall s, In s T -> length (row s) = n.
Hypothesis HF : 0 < Q2R factor.
Notation hz := (E.compile h).
Let u := U.unitwise_of hz (map row T, ds) (map rz T) factor.
Notation PHI := (phi T h row rz ds factor).

Lemma unit_sound w v nodes : length w = n -> U.check_unit hz u w v nodes = true ->
  PHI (reals w) = 0 /\ exists e, 0 < e /\ forall w', near_list e (reals w) w' ->
    (0 < Q2R v -> 0 <= PHI w') /\ (Q2R v < 0 -> PHI w' <= 0) /\ (Q2R v = 0 -> PHI w' = 0).
Proof.
  intros Hw H. unfold U.check_unit in H. cbv zeta in H.
  assert (ER : U.rows u = map row T) by reflexivity. assert (ES : U.rs u = map rz T) by reflexivity. assert (EDn : U.dens u = ds) by reflexivity.
  rewrite ER, ES, EDn in H. rewrite !tmap_map in H. rewrite !map_map in H. apply both in H as [H0 H]. apply Z.eqb_eq in H0.
  assert (PR : PHI (reals w) = 0).
  { pose proof (phi_R T h row rz ds factor HG w) as PR. etransitivity; [exact PR|]. apply Rmult_eq_0_compat_l. apply (f_equal IZR) in H0. exact H0. }
  split; auto.
  destruct (phi_near T h row rz ds factor HG w) as [e [He PN]]. exists e. split; auto. intros w' Hn. rewrite (PN w' Hn), PR, Rplus_0_l.
  set (d := axpy (-1) (reals w) w').
  assert (Hd : length d = n).
  { unfold d. apply near_lengths in Hn. unfold reals in Hn. rewrite map_length in Hn. rewrite axpy_length; [congruence|]. unfold reals. rewrite map_length. congruence. }
  destruct (U.form_of u _ _) as [f|] eqn:EF; [|discriminate].
  destruct (form_sound T h row rz ds factor HT HR HF w Hw _ f EF) as [GF PF]. specialize (PF d Hd). fold n in GF.
  set (ch := change T h row rz ds factor w d) in *.
  destruct (Z.eqb_spec (Qnum v) 0) as [V|V].
  - assert (V0 : Q2R v = 0). { destruct v as [a b]. simpl in V. subst a. rewrite Q2R_make. apply real_0. }
    apply both in H as [_ H]. unfold U.is_still_form in H. apply both in H as [S1 S2].
    assert (P0 : pform f d = 0).
    { unfold pform. rewrite (sum_0 (U.planes f)).
      - rewrite zero_gradient by exact S1. lra.
      - intros np Hnp. apply all_In with (a := np) in S2; auto. apply Z.eqb_eq in S2. unfold U.kappa. rewrite S2, Z.mul_0_l, Q2R_make, real_0. lra. }
    assert (SG : qltb v 0 = false) by (apply qltb_false; rewrite Q2R_0; lra). rewrite SG in PF. rewrite P0 in PF. repeat split; intros; lra.
  - apply both in H as [_ H]. pose proof (tree_sound f n nodes GF H d Hd) as P. rewrite PF in P.
    assert (V0 : Q2R v <> 0). { intros F. apply V. destruct v as [a b]. rewrite Q2R_make in F. now apply real_eq_0 in F. }
    destruct (qltb v 0) eqn:SG.
    + apply qltb_R in SG. rewrite Q2R_0 in SG. repeat split; intros; lra.
    + apply qltb_false in SG. rewrite Q2R_0 in SG. repeat split; intros; lra.
Qed.

Fixpoint vphi (vs : list R) (ws : list (list R)) : R := match vs, ws with a :: vs', w :: ws' => a * PHI w + vphi vs' ws' | _, _ => 0 end.

Lemma vphi_sum vs : forall ws, sum T (fun s => rr rz factor s * dot vs (map (act (act_R h)) (map (fun w => dot w (xt row ds s)) ws))) = vphi vs ws.
Proof.
  induction vs as [|a vs IH]; intros [|w ws]; simpl; try (apply sum_0; intros; lra).
  rewrite <- IH. unfold phi. rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. lra.
Qed.

Lemma units_near : forall ws vs units, (forall w, In w ws -> length w = n) -> U.check_units hz u ws vs units = true ->
  vphi (reals vs) (map reals ws) = 0 /\
  exists e, 0 < e /\ forall vs' ws', near_list e (reals vs) vs' -> Forall2 (near_list e) (map reals ws) ws' -> 0 <= vphi vs' ws'.
Proof.
  induction ws as [|w ws IH]; intros [|v vs] [|t units] Hw H; simpl in H; try discriminate.
  - split; auto. exists 1. split; [lra|]. intros vs' ws' A1 _. inversion A1. simpl. lra.
  - apply both in H as [Hu H]. destruct (IH vs units) as [Z [e1 [H1 P1]]]; auto. { intros; apply Hw; simpl; auto. }
    destruct (unit_sound w v t (Hw w (or_introl eq_refl)) Hu) as [P0 [e2 [H2 P2]]].
    split. { simpl. rewrite P0, Z. lra. }
    set (e3 := if Req_EM_T (Q2R v) 0 then 1 else Rabs (Q2R v)).
    assert (H3 : 0 < e3). { unfold e3. destruct (Req_EM_T (Q2R v) 0); [lra|now apply Rabs_pos_lt]. }
    exists (Rmin e1 (Rmin e2 e3)). split; [mins|]. intros vs' ws' Hv HW.
    inversion Hv as [|? v' ? vs'' Hv1 Hv2]; subst. inversion HW as [|? w' ? ws'' Hw1 Hw2]; subst. simpl.
    assert (A1 : 0 <= vphi vs'' ws'').
    { apply P1. { eapply near_list_mono; [|exact Hv2]. apply Rmin_l. }
      clear - Hw2. revert Hw2. generalize (map reals ws) as W. intros W HH. induction HH; constructor; auto. eapply near_list_mono; [|eassumption]. apply Rmin_l. }
    enough (0 <= v' * PHI w') by lra.
    assert (B : near_list e2 (reals w) w'). { eapply near_list_mono; [|exact Hw1]. eapply Rle_trans; [apply Rmin_r|apply Rmin_l]. }
    destruct (P2 w' B) as [U1 [U2 U3]]. set (f := PHI w') in *.
    assert (C : Rabs (v' - Q2R v) < e3). { eapply Rlt_le_trans; [exact Hv1|]. eapply Rle_trans; [apply Rmin_r|apply Rmin_r]. }
    unfold e3 in C. destruct (Req_EM_T (Q2R v) 0) as [V|V].
    + rewrite (U3 V). lra.
    + destruct (Rlt_or_le 0 (Q2R v)) as [L|L].
      * specialize (U1 L). rewrite (Rabs_right (Q2R v)) in C by lra. apply Rabs_def2 in C. nra.
      * assert (L2 : Q2R v < 0) by lra. specialize (U2 L2). rewrite (Rabs_left (Q2R v)) in C by lra. apply Rabs_def2 in C. nra.
Qed.
End Units.

(* ---- One hidden layer and one output: predictions are sums over units ---- *)
Section Predictions.
Variables (h : E.activation) (n m : nat) (l1 l2 : E.layer) (v : list Q).
Hypothesis HS : shaped n [m; 1%nat] [l1; l2].
Hypothesis HV : E.weights l2 = [v].

Lemma near_predictions e ls' : near e (parameters_R [l1; l2]) ls' -> exists v' ws' beta,
  near_list e (reals v) v' /\ Forall2 (near_list e) (augmented (layer_R l1)) ws' /\ (E.bias l2 = None -> beta = 0)
  /\ (ls' = parameters_R [l1; l2] -> v' = reals v /\ ws' = augmented (layer_R l1))
  /\ forall x, length x = n -> predict (act_R h) ls' x = [dot v' (map (act (act_R h)) (map (fun w => dot w (input (layer_R l1) x)) ws')) + beta].
Proof.
  intros Hn. destruct HS as [S1 [S2 [S3 [T1 [T2 [T3 _]]]]]].
  inversion Hn as [|? k1 ? rest N1 Hn2]; subst. inversion Hn2 as [|? k2 ? rest2 N2 Hn3]; subst. inversion Hn3; subst.
  destruct N2 as [W2 B2]. simpl in W2. rewrite HV in W2. simpl in W2. inversion W2 as [|? v' ? tl Nv Ntl E1 E2]; subst. inversion Ntl; subst. symmetry in E2.
  assert (exists beta, (E.bias l2 = None -> beta = 0) /\ forall z, affine k2 z = [dot v' z + beta]) as [beta [Hbeta Haff]].
  { unfold affine. rewrite E2. simpl in *. unfold near_bias in B2. destruct (E.bias l2) as [b|] eqn:Eb; simpl in B2.
    - destruct (bias k2) as [b'|]; [|tauto]. assert (L : length b' = 1%nat).
      { rewrite <- (Forall2_len _ _ _ B2). unfold reals. now rewrite map_length. }
      destruct b' as [|beta [|? ?]]; try discriminate. exists beta. split; [discriminate|]. reflexivity.
    - destruct (bias k2); [tauto|]. exists 0. split; auto. intros. f_equal. lra. }
  exists v', (augmented k1), beta. split; [exact Nv|]. split; [now apply near_augmented|]. split; [exact Hbeta|].
  split. { intros E. inversion E; subst. simpl in E2. rewrite HV in E2. inversion E2. auto. }
  intros x Hx. simpl. rewrite Haff. do 3 f_equal.
  destruct N1 as [W1 B1]. simpl in W1, B1.
  assert (LW : forall w, In w (weights k1) -> length w = n).
  { assert (LW0 : forall w, In w (map reals (E.weights l1)) -> length w = n).
    { intros w Hin. apply in_map_iff in Hin. destruct Hin as [q [<- Hq]]. unfold reals. rewrite map_length. rewrite Forall_forall in S2. auto. }
    clear - W1 LW0. induction W1 as [|a a' A1 A1' Ha HA IH]; intros w []; subst.
    - rewrite <- (Forall2_len _ _ _ Ha). apply LW0. now left. - apply IH; auto. intros; apply LW0. now right. }
  rewrite affine_augmented.
  - f_equal. apply map_ext. intros w. f_equal. unfold input. unfold near_bias in B1. simpl. destruct (E.bias l1), (bias k1); simpl in B1; tauto.
  - intros w Hin. rewrite Hx. now apply LW.
  - intros b' Eb. unfold near_bias in B1. rewrite Eb in B1. destruct (E.bias l1) as [b|]; simpl in B1; [|tauto].
    rewrite <- (Forall2_len _ _ _ B1), <- (Forall2_len _ _ _ W1). unfold reals. rewrite !map_length. congruence.
Qed.
End Predictions.

Lemma row_reals_append ds row : length ds = length row -> row_reals (ds ++ [1%positive]) (row ++ [1%Z]) = row_reals ds row ++ [1].
Proof. unfold row_reals. revert ds. induction row as [|a row IH]; intros [|d ds] H; simpl in *; try discriminate; [f_equal; unfold real; lra|]. rewrite IH by lia. reflexivity. Qed.

Theorem check_unitwise_sound p n ms ls given r units : let h := E.compile (E.activation_of p) in
  let x := table_of (map E.inputs (E.data p)) in let y := table_of (map E.targets (E.data p)) in
  good_problem p n ms -> shaped n ms ls -> E.convex (E.loss_on p) = true ->
  E.subgradient_of (E.gap_of (E.loss_on p)) (E.scale p) (Check.fit_for p h x y ls) given = Some r ->
  U.check_unitwise h ls x r units = true -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros h x y HP HS HV Hr H.
  destruct (point_subgradient p n ms HP ls given r HS HV Hr) as [P [P1 [P2 [P3 [P4 P5]]]]].
  destruct (input_rows p n ms HP) as [X [X1 [X2 X3]]]. fold x in X1, X2, X3.
  unfold U.check_unitwise in H. destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate. destruct (E.weights l2) as [|v [|? ?]] eqn:EW; try discriminate.
  destruct ms as [|m [|m2 [|? ?]]]; try (simpl in HS; tauto).
  assert (M2 : m2 = 1%nat). { simpl in HS. destruct HS as [_ [_ [_ [Q _]]]]. rewrite EW in Q. simpl in Q. auto. } subst m2.
  set (b1 := match E.bias l1 with None => false | Some _ => true end) in *.
  rewrite tmap_map in H. apply both in H as [Hb Hu].
  assert (PD : forall s, In s P -> In (fst s) (E.data p)) by (intros s Hs; rewrite <- P1; now apply in_map).
  set (row := fun s : sample * list Z => if b1 then X (fst s) ++ [1%Z] else X (fst s)).
  set (ds := if b1 then snd x ++ [1%positive] else snd x).
  set (rz := fun s : sample * list Z => U.first_of (snd s)).
  assert (ET : U.extend b1 x = (map row P, ds)).
  { unfold U.extend, row, ds. destruct b1.
    - rewrite tmap_map, append_app, X1, <- P1, !map_map. f_equal. apply map_ext. intros s. apply append_app.
    - rewrite (surjective_pairing x), X1, <- P1, map_map. reflexivity. }
  assert (ERZ : map U.first_of (E.r_rows r) = map rz P) by (rewrite <- P2, map_map; reflexivity).
  rewrite ET, ERZ in Hu. rewrite ERZ in Hb.
  assert (LR : forall s, In s P -> length (row s) = length ds).
  { intros s Hs. destruct (X2 _ (PD s Hs)) as [_ L]. unfold row, ds. destruct b1; rewrite ?app_length; cbn [length]; lia. }
  assert (LW : forall w, In w (U.extended_rows l1) -> length w = length ds).
  { destruct HS as [S1 [S2 [S3 _]]]. rewrite Forall_forall in S2. unfold U.extended_rows, ds, b1. destruct (E.bias l1) as [b|].
    - rewrite tzip_zip. intros w. revert S2. clear - X3. revert b. induction (E.weights l1) as [|w0 W IH]; intros [|c b] S2 Hin; simpl in Hin; try tauto. destruct Hin as [<-|Hin].
      + rewrite append_app, !app_length, X3, S2; simpl; auto. + apply (IH b); auto. intros; apply S2; simpl; auto.
    - intros w Hw. rewrite X3. auto. }
  assert (PN : P <> []) by (intros F; apply (good_data _ _ _ HP); rewrite <- P1, F; reflexivity).
  destruct (units_near P (E.activation_of p) row rz ds (E.r_factor r) PN (good_rising _ _ _ HP) LR P3 _ _ _ LW Hu) as [Z [e [He PE]]].
  rewrite extended_rows_R in Z, PE.
  assert (XT : forall s, In s P -> xt row ds s = input (layer_R l1) (reals (E.inputs (fst s)))).
  { intros s Hs. destruct (X2 _ (PD s Hs)) as [EX L].
    assert (EA : row_reals (snd x ++ [1%positive]) (X (fst s) ++ [1%Z]) = reals (E.inputs (fst s)) ++ [1]) by (rewrite row_reals_append by (rewrite L; exact X3); now rewrite EX).
    clearbody x. unfold xt, row, ds, input, b1. cbn [bias layer_R]. destruct (E.bias l1); cbn [option_map]; auto. }
  assert (Q : forall ls', near e (parameters_R [l1; l2]) ls' -> exists v' ws', near_list e (reals v) v' /\ Forall2 (near_list e) (augmented (layer_R l1)) ws'
     /\ (ls' = parameters_R [l1; l2] -> v' = reals v /\ ws' = augmented (layer_R l1))
     /\ sum P (fun s => dot (weighted r (snd s)) (predict (act_R (E.activation_of p)) ls' (reals (E.inputs (fst s))))) = vphi P (E.activation_of p) row rz ds (E.r_factor r) v' ws').
  { intros ls' Hn. destruct (near_predictions (E.activation_of p) n m l1 l2 v HS EW e ls' Hn) as [v' [ws' [beta [A [B [Hbeta [Hsame D]]]]]]].
    exists v', ws'. split; [exact A|]. split; [exact B|]. split; [exact Hsame|]. rewrite <- vphi_sum.
    transitivity (sum P (fun s => rr rz (E.r_factor r) s * dot v' (map (act (act_R (E.activation_of p))) (map (fun w => dot w (xt row ds s)) ws'))) + beta * sum P (rr rz (E.r_factor r))).
    - rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros s Hs. rewrite D, XT by (auto; unfold reals; rewrite map_length; apply (good_rows _ _ _ HP _ (PD s Hs))).
      assert (LS : length (snd s) = 1%nat) by (destruct s as [a rw]; apply (P4 a rw Hs)). unfold rr, rz, weighted, times. destruct (snd s) as [|k [|? ?]]; try discriminate. simpl. lra.
    - match goal with |- ?a + ?b = _ => enough (b = 0) as E0 by (rewrite E0; apply Rplus_0_r) end. destruct (E.bias l2) eqn:Eb.
      + apply Z.eqb_eq in Hb. assert (SR : sum P (rr rz (E.r_factor r)) = 0).
        { unfold rr. rewrite sum_scal. rewrite <- (sum_map P rz IZR), <- zsum_R, Hb. lra. } rewrite SR. lra.
      + rewrite Hbeta by auto. lra. }
  exists e. split; auto. intros ls' Hn. pose proof (P5 e ls' Hn) as R5.
  destruct (Q _ Hn) as [v1 [w1 [A1 [B1 [_ Q1]]]]]. destruct (Q _ (near_refl e _ He)) as [v0 [w0 [_ [_ [Hs Q0]]]]]. destruct (Hs eq_refl) as [-> ->].
  rewrite Q1, Q0, Z in R5. pose proof (PE _ _ A1 B1). lra.
Qed.
