(* The claim `path` is sound: the points are joined by a path on which the risk is nowhere above the level. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound ReaderSound Steps Walks ConvexRisk.
From Exactsurf Require Evaluate CheckPathClaim Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckPathClaim.

(* ---- Hidden units ---- *)
Definition pre (x : list R) (u : C.unit_end) : R := dot (reals (C.own_weights u)) x + Q2R (C.own_bias u).
Definition out (u : C.unit_end) : R := Q2R (C.output_weight u).

Lemma units_spec l vs x : biased l -> length vs = length (E.weights l) ->
  affine (layer_R l) x = map (pre x) (C.units_of l vs) /\ reals vs = map out (C.units_of l vs).
Proof.
  intros HB HV. unfold C.units_of. rewrite !tzip_zip. unfold affine, layer_R, C.biases_of, biased in *. cbn [weights bias].
  destruct (E.bias l) as [b|]; cbn [option_map].
  - revert b vs HB HV. induction (E.weights l) as [|w W IH]; intros [|c b] [|v vs] HB HV; try discriminate; auto.
    destruct (IH b vs ltac:(simpl in HB; lia) ltac:(simpl in HV; lia)) as [A B]. unfold reals in *. cbn [map zip fst snd add_bias]. rewrite <- A, <- B. auto.
  - rewrite tmap_map. clear HB. revert vs HV. induction (E.weights l) as [|w W IH]; intros [|v vs] HV; try discriminate; auto.
    destruct (IH vs ltac:(simpl in HV; lia)) as [A B]. unfold reals in *. cbn [map zip fst snd]. rewrite <- A, <- B. split; auto.
    unfold pre. cbn [C.own_weights C.own_bias]. unfold reals. rewrite Q2R_0, Rplus_0_r. reflexivity.
Qed.

Lemma same_numbers_R u : forall v, C.same_numbers u v = true -> reals u = reals v.
Proof.
  induction u as [|a u IH]; intros [|b v] H; try discriminate; auto. cbn [C.same_numbers] in H. apply both in H as [H1 H2]. apply qeqb_R in H1.
  unfold reals in *. cbn [map]. rewrite H1. f_equal. now apply IH.
Qed.

Lemma is_off_R v : C.is_off v = true -> Q2R v = 0.
Proof. unfold C.is_off. intros H. apply Z.eqb_eq in H. destruct v as [n d]. simpl in H. subst. rewrite Q2R_make. apply real_0. Qed.

Lemma stays_out h a b x : C.moves a b = false -> steady h (out a) (out b) (pre x a) (pre x b).
Proof.
  unfold C.moves. intros H. apply negb_false_iff in H. unfold steady, out, pre.
  match type of H with (match ?e with true => true | false => _ end) = _ => destruct e eqn:HO end.
  - left. apply both in HO as [A B]. split; now apply is_off_R.
  - right. left. apply both in H as [A B]. apply qeqb_R in A. apply same_numbers_R in B. now rewrite A, B.
Qed.

Lemma one_sign_R v v' : C.one_sign v v' = true -> 0 < Q2R v * Q2R v'.
Proof.
  unfold C.one_sign. intros H. match type of H with (match ?e with true => true | false => _ end) = _ => destruct e eqn:HO end.
  - apply both in HO as [A B]. apply qltb_R in A, B. rewrite Q2R_0 in *. now apply Rmult_lt_0_compat.
  - apply both in H as [A B]. apply qltb_R in A, B. rewrite Q2R_0 in *. nra.
Qed.

(* ---- Breakpoints ---- *)
Lemma side_R z d t : real d z - Q2R t = real (d * Qden t) (C.side z d t).
Proof.
  destruct t as [n m]. unfold C.side, Z.sub. rewrite Q2R_make, real_plus, real_opp. cbn [Qnum Qden]. rewrite Pos.mul_comm at 2. rewrite <- !real_mul.
  unfold real. field. auto.
Qed.

Lemma not_between_R z d z' d' t : C.not_between z d z' d' t = true ->
  (real d z <= Q2R t /\ real d' z' <= Q2R t) \/ (Q2R t <= real d z /\ Q2R t <= real d' z').
Proof.
  unfold C.not_between. cbv zeta. pose proof (side_R z d t) as A. pose proof (side_R z' d' t) as B.
  assert (S : forall e n, ((n < 0)%Z -> real e n < 0) /\ ((0 < n)%Z -> 0 < real e n) /\ ((n <= 0)%Z -> real e n <= 0) /\ ((0 <= n)%Z -> 0 <= real e n) /\ (n = 0%Z -> real e n = 0)).
  { intros e n. assert (P : ((n < 0)%Z -> real e n < 0) /\ ((0 < n)%Z -> 0 < real e n)).
    { split; intros H; rewrite <- (real_0 e); apply compare_real; nia. }
    assert (P0 : n = 0%Z -> real e n = 0) by (intros ->; apply real_0). destruct P as [P1 P2]. repeat split; auto; intros H.
    - destruct (Z.eq_dec n 0) as [E|E]; [rewrite P0; auto; lra|left; apply P1; lia].
    - destruct (Z.eq_dec n 0) as [E|E]; [rewrite P0; auto; lra|left; apply P2; lia]. }
  destruct (S (d * Qden t)%positive (C.side z d t)) as [S1 [S2 [_ [_ S5]]]]. destruct (S (d' * Qden t)%positive (C.side z' d' t)) as [_ [_ [S3 [S4 _]]]].
  destruct (Z.ltb_spec (C.side z d t) 0) as [L|L].
  - intros H. apply Z.leb_le in H. specialize (S1 L). specialize (S3 H). lra.
  - destruct (Z.ltb_spec 0 (C.side z d t)) as [L2|L2].
    + intros H. apply Z.leb_le in H. specialize (S2 L2). specialize (S4 H). lra.
    + intros _. specialize (S5 ltac:(lia)). destruct (Rle_dec (real d' z') (Q2R t)); lra.
Qed.

(* ---- One sample ---- *)
Lemma row_steady h x : forall us us' row ds row' ds', C.may_move us us' = true -> C.row_stays (map fst (E.bends h)) (zip C.moves us us') row ds row' ds' = true ->
  length us = length us' -> row_reals ds row = map (pre x) us -> row_reals ds' row' = map (pre x) us' ->
  all_steady (act_R h) (map out us) (map out us') (map (pre x) us) (map (pre x) us').
Proof.
  induction us as [|a us IH]; intros [|b us'] row ds row' ds' HM HR L E E'; try discriminate L; [exact I|].
  destruct row as [|z row], ds as [|d ds]; try discriminate E. destruct row' as [|z' row'], ds' as [|d' ds']; try discriminate E'.
  unfold row_reals in E, E'. cbn [map zip C.may_move C.row_stays] in *. injection E as E1 E2. injection E' as E1' E2'.
  apply both in HM as [M1 M2]. apply both in HR as [R1 R2]. split; [|exact (IH us' row ds row' ds' M2 R2 (eq_add_S _ _ L) E2 E2')].
  destruct (C.moves a b) eqn:HMV; [|now apply stays_out]. cbn [negb] in M1, R1. right. right. split; [now apply one_sign_R|].
  intros t s Hin. cbn [bends act_R] in Hin. apply in_map_iff in Hin. destruct Hin as [[q r] [Eq Hq]]. inversion Eq; subst. cbn [fst].
  rewrite <- E1, <- E1'. apply not_between_R. apply all_In with (a := q) in R1; auto. now apply (in_map fst) in Hq.
Qed.

(* ---- A step ---- *)
Lemma alike_R n m l l' : length (E.weights l) = m -> length (E.weights l') = m -> Forall (fun w => length w = n) (E.weights l) -> Forall (fun w => length w = n) (E.weights l') ->
  match E.bias l with None => True | Some b => length b = m end -> match E.bias l' with None => True | Some b => length b = m end -> layer_bias l = layer_bias l' -> alike (layer_R l) (layer_R l').
Proof.
  intros L L' F F' B B' EB. split; cbn [layer_R weights bias].
  - rewrite <- L' in L. clear - L F F'. revert L. generalize dependent (E.weights l'). induction (E.weights l) as [|w W IH]; intros [|w' W'] F' L; try discriminate; constructor.
    + inversion F; subst. inversion F'; subst. unfold reals. rewrite !map_length. congruence.
    + inversion F; subst. inversion F'; subst. apply IH; auto.
  - unfold layer_bias in EB. destruct (E.bias l), (E.bias l'); try discriminate; simpl; auto. unfold reals. rewrite !map_length. lia.
Qed.

Section Path.
Variables (p : E.problem).
Hypothesis HP : good_problem p (inputs_of p) (widths_of p).
Hypothesis HV : E.convex (E.loss_on p) = true.
Let h := E.activation_of p.
Let x := table_of (map E.inputs (E.data p)).
Let ts := map fst (E.bends h).

Lemma rows_stay_spec ms ds ds' : forall rows rows' , C.rows_stay ts ms rows ds rows' ds' = true -> length rows = length rows' ->
  Forall2 (fun r r' => C.row_stays ts ms r ds r' ds' = true) rows rows'.
Proof.
  induction rows as [|r rows IH]; intros [|r' rows'] H L; try discriminate L; constructor; cbn [C.rows_stay] in H; apply both in H as [H1 H2]; auto.
Qed.

Lemma Forall2_maps {A B D} (P : B -> D -> Prop) (f : A -> B) (g : A -> D) l : Forall2 P (map f l) (map g l) -> forall a, In a l -> P (f a) (g a).
Proof. induction l as [|a l IH]; simpl; intros H b []; inversion H; subst; auto. Qed.

Lemma step_sound ls ls' level : of_shape p ls -> of_shape p ls' -> C.check_step ts x ls ls' = true ->
  risk (problem_R p) (parameters_R ls) <= level -> risk (problem_R p) (parameters_R ls') <= level ->
  exists g, uniform near 1 g /\ g 0 = parameters_R ls /\ g 1 = parameters_R ls' /\ forall t, 0 <= t <= 1 -> risk (problem_R p) (g t) <= level.
Proof.
  intros [S1 S2] [S1' S2'] H R R'. unfold C.check_step in H.
  destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate. destruct ls' as [|l1' [|l2' [|? ?]]]; try discriminate.
  destruct (E.weights l2) as [|vs [|? ?]] eqn:EV; try discriminate. destruct (E.weights l2') as [|vs' [|? ?]] eqn:EV'; try discriminate.
  cbv zeta in H. apply both in H as [H1 H2].
  assert (HW : widths_of p = [length (E.weights l1); 1%nat] /\ length vs = length (E.weights l1) /\ length vs' = length (E.weights l1') /\ length (E.weights l1') = length (E.weights l1)).
  { destruct (widths_of p) as [|m [|o [|? ?]]]; simpl in S1; try tauto. simpl in S1'. rewrite EV in S1. rewrite EV' in S1'.
    destruct S1 as [A1 [A2 [A3 [A4 [A5 [A6 _]]]]]], S1' as [B1 [B2 [B3 [B4 [B5 [B6 _]]]]]]. inversion A5; subst. inversion B5; subst. repeat split; auto; congruence. }
  destruct HW as [HW [LV [LV' LW]]]. rewrite HW in S1, S1'. simpl in S1, S1'. destruct S1 as [A1 [A2 [A3 [A4 [A5 [A6 _]]]]]], S1' as [B1 [B2 [B3 [B4 [B5 [B6 _]]]]]].
  assert (EB : layer_bias l1 = layer_bias l1' /\ layer_bias l2 = layer_bias l2') by (rewrite <- S2' in S2; simpl in S2; now inversion S2). destruct EB as [EB1 EB2].
  assert (AL1 : alike (layer_R l1) (layer_R l1')) by (eapply alike_R; eauto). assert (AL2 : alike (layer_R l2) (layer_R l2')) by (eapply alike_R; eauto).
  set (g := step (layer_R l1) (layer_R l1') (layer_R l2) (layer_R l2') (reals vs) (reals vs')).
  assert (EW : weights (layer_R l2) = [reals vs]) by (cbn [layer_R weights]; now rewrite EV). assert (EW' : weights (layer_R l2') = [reals vs']) by (cbn [layer_R weights]; now rewrite EV').
  destruct (ends_of_step _ _ _ _ _ _ AL1 AL2 EW EW') as [G0 G1]; try (cbn [layer_R weights]; unfold reals; rewrite !map_length; lia).
  exists g. split; [now apply step_uniform|]. split; [exact G0|]. split; [exact G1|].
  intros t Ht. apply Rle_trans with (mix t (risk (problem_R p) (parameters_R [l1; l2])) (risk (problem_R p) (parameters_R [l1'; l2']))); [|now apply mix_below].
  apply risk_convex; auto.
  { now apply convex_sound. } { cbn [problem_R scale]. pose proof (good_scale _ _ _ HP) as Q. apply qltb_R in Q. rewrite Q2R_0 in Q. lra. }
  cbn [problem_R data activation_of]. intros s Hs. apply in_map_iff in Hs. destruct Hs as [q [<- Hq]]. cbn [sample_R inputs targets weight].
  destruct (good_rows _ _ _ HP q Hq) as [L1 [L2 [_ L4]]]. rewrite HW in L2. cbn [last_nat] in L2.
  split; [lra|].
  assert (OUT : forall l l' : E.layer, length (E.weights l') = 1%nat -> match E.bias l' with None => True | Some b => length b = 1%nat end ->
            length (predict (act_R h) (parameters_R [l; l']) (reals (E.inputs q))) = length (reals (E.targets q))).
  { intros l l' K1 K2. unfold reals. rewrite (map_length Q2R (E.targets q)), L2. cbn [parameters_R map predict]. unfold affine at 1. cbn [layer_R weights bias].
    destruct (E.weights l') as [|w [|? ?]]; try discriminate. destruct (E.bias l') as [[|c [|? ?]]|]; try discriminate; reflexivity. }
  split; [apply OUT; [now rewrite EV|auto]|]. split; [apply OUT; [now rewrite EV'|auto]|].
  apply predict_step; auto; try (cbn [layer_R weights]; unfold reals; rewrite !map_length; lia).
  set (X := reals (E.inputs q)).
  assert (BI : biased l1) by (unfold biased; destruct (E.bias l1); auto). assert (BI' : biased l1') by (unfold biased; destruct (E.bias l1'); auto; congruence).
  destruct (units_spec l1 vs X BI LV) as [U1 U2]. destruct (units_spec l1' vs' X BI' LV') as [U1' U2']. rewrite U1, U2, U1', U2'.
  destruct (input_rows p _ _ HP) as [XX [X1 [X2 X3]]]. fold x in X1, X2, X3.
  unfold C.hidden in H2. cbn [fst snd] in H2. rewrite !tmap_map, tzip_zip, X1, !map_map in H2.
  apply rows_stay_spec in H2; [|now rewrite !map_length]. pose proof (Forall2_maps _ _ _ _ H2 q Hq) as H3. cbv beta in H3.
  eapply row_steady; [exact H1|exact H3| |..].
  - unfold C.units_of. rewrite !tzip_zip. rewrite !zip_length; auto; rewrite ?zip_length; try lia; unfold C.biases_of.
    all: try (destruct (E.bias l1); rewrite ?tmap_map, ?map_length; unfold biased in *; lia).
    all: destruct (E.bias l1'); rewrite ?tmap_map, ?map_length; lia.
  - rewrite make_units_R by auto. rewrite (proj1 (X2 q Hq)). exact U1.
  - rewrite make_units_R by auto. rewrite (proj1 (X2 q Hq)). exact U1'.
Qed.

Theorem steps_sound level : forall rest ls, of_shape p ls -> Forall (of_shape p) rest -> C.check_steps ts x ls rest = true ->
  Forall (fun ls => risk (problem_R p) (parameters_R ls) <= level) (ls :: rest) -> path_below (problem_R p) level (map parameters_R (ls :: rest)).
Proof.
  intros rest ls HS HR H HL. cbn [map]. apply joined_path. revert ls HS HR H HL.
  induction rest as [|ls' rest IH]; intros ls HS HR H HL; cbn [map]; inversion HL as [|? ? HL1 HL2]; subst; [now constructor|].
  cbn [C.check_steps] in H. apply both in H as [H1 H2]. inversion HR as [|? ? HR1 HR2]; subst. inversion HL2 as [|? ? HL3 HL4]; subst.
  destruct (step_sound ls ls' level HS HR1 H1 HL1 HL3) as [g [G1 [G2 [G3 G4]]]]. eapply Joined; eauto.
Qed.
End Path.
