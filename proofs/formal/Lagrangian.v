(* What a Lagrangian says about the risk near a point: sums of parts, terms of the loss, walls
   (proofs/rules/second_order.md, lemma 3). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound Forms Jets.
From Exactsurf Require Evaluate CheckCurve CheckConvex CheckSecondOrder CurveSound UnitwiseSound Indices.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckCurve.
Module S := CheckSecondOrder.

(* ---- The pieces of the loss at a gap ---- *)
Lemma value_near q u v : value q v = value q u + slope q u * (v - u) + snd q * ((v - u) * (v - u)).
Proof. destruct q as [[c0 c1] c2]. simpl. ring. Qed.

Lemma pieces_subdifferential u rho ks : forall q, slope (quadratic_R (C.piece_towards q ks u Lt)) (Q2R u) <= rho <= slope (quadratic_R (C.piece_towards q ks u Gt)) (Q2R u) ->
  subdifferential (quadratic_R q) (map piece_R ks) (Q2R u) rho.
Proof.
  induction ks as [|[t q'] ks IH]; intros q H; cbn [C.piece_towards map subdifferential piece_R fst snd] in *; [lra|].
  destruct (qltb u t) eqn:L; [left; split; [now apply qltb_R|lra]|]. destruct (qeqb u t) eqn:EQ.
  - apply qeqb_R in EQ. right. left. split; auto. now rewrite <- EQ.
  - right. right. split; [|now apply IH]. apply qltb_false in L. assert (Q2R u <> Q2R t) by (intros F; apply qeqb_R in F; congruence). lra.
Qed.

(* A loss at its minimum does not fall. *)
Lemma lowest_sound l u v : E.convex l = true -> S.is_lowest l u = true -> ell (loss_R l) (Q2R (S.constant_of u)) <= ell (loss_R l) v.
Proof.
  intros HV H. apply both in H as [A B]. apply qleb_R in A, B. rewrite qslope_R, Q2R_0 in A, B. pose proof (convex_sound l HV) as HC.
  pose proof (piecewise_subgradient _ _ _ _ 0 HC (pieces_subdifferential (S.constant_of u) 0 _ _ (conj A B)) v) as Q. unfold ell. cbn [loss_R first_piece more_pieces] in *. lra.
Qed.

Section Nearby.
Variable origin : list R.
Variable ev : (list R -> Prop) -> Prop.
Hypothesis HE : nearby origin ev.
Notation close := (close ev).
Let ev_mono := ev_mono origin ev HE.
Let ev_small := ev_small origin ev HE.
Let ev_and := ev_and origin ev HE.
Let ev_and2 := ev_and2 origin ev HE.

(* ---- D is at least the part, and a multiple of every forced linear form squared, up to O(|y|^3) ---- *)
Definition above (D : list R -> R) (t : S.part) : Prop :=
  forall rho, 0 <= rho -> exists K, 0 <= K /\ ev (fun y => rho * squares (S.part_forced t) y + lin (S.part_linear t) y + quad (S.part_square t) y <= D y + K * order y).

Lemma above_ext D D' t : (forall y, D y = D' y) -> above D t -> above D' t.
Proof. intros H A rho Hr. destruct (A rho Hr) as [K [HK P]]. exists K. split; auto. apply (ev_mono _ _) with (2 := P). intros y. now rewrite H. Qed.
Lemma above_zero D : ev (fun y => 0 <= D y) -> above D S.no_part.
Proof.
  intros H rho Hr. exists 0. split; [lra|]. apply (ev_mono _ _) with (2 := H). intros y A. unfold S.no_part, squares. cbn [S.part_forced S.part_linear S.part_square sum]. rewrite lin_nil, quad_nil. lra.
Qed.
Lemma above_add D D' t t' : above D t -> above D' t' -> above (fun y => D y + D' y) (S.padd t t').
Proof.
  intros A B rho Hr. destruct (A rho Hr) as [K [HK P]]. destruct (B rho Hr) as [L [HL Q]]. exists (K + L). split; [lra|]. apply (ev_and2 _ _ _ P Q). intros y X Y.
  unfold S.padd. cbn [S.part_forced S.part_linear S.part_square]. rewrite rev_onto_spec, squares_app, squares_rev, lin_vadd, quad_fadd. lra.
Qed.
Lemma above_fold {A} (D : A -> list R -> R) (f : A -> S.part) (l : list A) : (forall a, In a l -> above (D a) (f a)) -> forall D0 t0, above D0 t0 ->
  above (fun y => D0 y + sum l (fun a => D a y)) (fold S.padd t0 (map f l)).
Proof.
  induction l as [|a l IH]; intros H D0 t0 H0; simpl. { apply (above_ext D0); auto. intros; lra. }
  apply (above_ext (fun y => (D0 y + D a y) + sum l (fun a => D a y))); [intros; lra|]. apply IH; [intros; apply H; simpl; auto|]. apply above_add; auto. apply H. simpl; auto.
Qed.

(* A number that is nowhere negative and to first order at least |w y| makes up for every multiple of (w y)^2. *)
Lemma forced_sound phi w c : 0 < c -> ev (fun y => 0 <= phi y) -> (exists M, 0 <= M /\ ev (fun y => Rabs (lin w y) <= phi y + M * (norm y * norm y))) ->
  forall rho, 0 <= rho -> exists K, 0 <= K /\ ev (fun y => rho * (lin w y * lin w y) <= c * phi y + K * order y).
Proof.
  intros Hc Hp [M [HM P]] rho Hr. destruct (lin_bound w) as [L [HL PL]]. exists (rho * L * M). assert (RL : 0 <= rho * L) by (now apply Rmult_le_pos). split; [now apply Rmult_le_pos|].
  assert (H0 : 0 < c / (rho * L + 1)) by (apply Rdiv_lt_0_compat; lra). apply (ev_and2 _ _ _ (ev_and _ _ Hp P) (ev_small _ H0)). intros y [A B] N. specialize (PL y). pose proof (norm_pos y) as N0. unfold order. set (n := norm y) in *.
  assert (SQ : lin w y * lin w y = Rabs (lin w y) * Rabs (lin w y)) by (unfold Rabs; destruct (Rcase_abs (lin w y)); lra). rewrite SQ. set (x := Rabs (lin w y)) in *. assert (X0 : 0 <= x) by apply Rabs_pos.
  assert (T : x * x <= L * n * (phi y + M * (n * n))) by (apply Rmult_le_compat; auto).
  assert (RN : rho * L * n <= c). { assert ((rho * L + 1) * n < (rho * L + 1) * (c / (rho * L + 1))) by (apply Rmult_lt_compat_l; lra). replace ((rho * L + 1) * (c / (rho * L + 1))) with c in H by (field; lra). lra. }
  assert (rho * (x * x) <= rho * (L * n * (phi y + M * (n * n)))) by (now apply Rmult_le_compat_l). assert (rho * L * n * phi y <= c * phi y) by (now apply Rmult_le_compat_r). lra.
Qed.

(* The difference from the value at 0, to first and second order. *)
Lemma close_expansion f u : close f u -> exists M, 0 <= M /\ ev (fun y => let d := f y - Q2R (S.constant_of u) in let x := lin (S.linear u) y in
  Rabs (d - (x + quad (S.square u) y)) <= M * order y /\ Rabs (d - x) <= M * (norm y * norm y) /\ Rabs (d * d - x * x) <= M * order y).
Proof.
  intros [K [HK P]]. destruct (lin_bound (S.linear u)) as [L [HL PL]]. destruct (quad_bound (S.square u)) as [Q [HQ PQ]].
  set (A := K + Q). assert (HA : 0 <= A) by (unfold A; lra). exists (K + A + A * (2 * L + A)). assert (0 <= A * (2 * L + A)) by (apply Rmult_le_pos; lra). split; [lra|].
  apply (ev_and2 _ _ _ P (ev_small 1 ltac:(lra))). intros y B N. cbv zeta. specialize (PL y). specialize (PQ y). pose proof (norm_pos y) as N0. destruct (order_small y ltac:(lra)) as [O1 O2]. pose proof (order_pos y) as O0.
  unfold jet_at in B. unfold order in *. set (n := norm y) in *. set (x := lin (S.linear u) y) in *. set (z := quad (S.square u) y) in *. set (d := f y - Q2R (S.constant_of u)).
  assert (B1 : Rabs (d - (x + z)) <= K * (n * n * n)) by (unfold d; replace (f y - Q2R (S.constant_of u) - (x + z)) with (f y - (Q2R (S.constant_of u) + x + z)) by lra; exact B).
  assert (NN : 0 <= n * n) by nra. assert (N3 : n * n * n <= n * n) by nra. assert (N3' : 0 <= n * n * n) by nra.
  assert (B2 : Rabs (d - x) <= A * (n * n)). { replace (d - x) with ((d - (x + z)) + z) by lra. eapply Rle_trans; [apply Rabs_triang|]. assert (K * (n * n * n) <= K * (n * n)) by (now apply Rmult_le_compat_l). unfold A. lra. }
  assert (B3 : Rabs (d + x) <= (2 * L + A) * n). { replace (d + x) with ((d - x) + 2 * x) by lra. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, (Rabs_right 2) by lra. assert (A * (n * n) <= A * n) by (apply Rmult_le_compat_l; nra). lra. }
  assert (B4 : Rabs (d * d - x * x) <= A * (2 * L + A) * (n * n * n)). { replace (d * d - x * x) with ((d - x) * (d + x)) by lra. rewrite Rabs_mult. replace (A * (2 * L + A) * (n * n * n)) with (A * (n * n) * ((2 * L + A) * n)) by lra. apply Rmult_le_compat; auto using Rabs_pos. }
  split; [|split].
  - eapply Rle_trans; [exact B1|]. apply Rmult_le_compat_r; lra. - eapply Rle_trans; [exact B2|]. apply Rmult_le_compat_r; lra. - eapply Rle_trans; [exact B4|]. apply Rmult_le_compat_r; lra.
Qed.

(* a d is close to a (w y + square); k d^2 to k (w y)^2. *)
Lemma times_close a d z e : Rabs (d - z) <= e -> a * z <= a * d + Rabs a * e.
Proof.
  intros H. assert (T : Rabs (a * (z - d)) <= Rabs a * e) by (rewrite Rabs_mult, (Rabs_minus_sym z d); apply Rmult_le_compat_l; auto; apply Rabs_pos).
  pose proof (Rle_abs (a * (z - d))). lra.
Qed.

Lemma term_sound l m given u t f : E.convex l = true -> 0 < Q2R m -> close f u -> S.term_part l m given u = Some t ->
  above (fun y => Q2R m * (ell (loss_R l) (f y) - ell (loss_R l) (f origin))) t.
Proof.
  intros HV Hm Hf H. rewrite (close_origin origin ev HE f u Hf). unfold S.term_part in H.
  pose proof (convex_sound l HV) as HC. unfold convex in HC. cbn [loss_R first_piece more_pieces] in HC.
  destruct (CurveSound.pieces_near (S.constant_of u) (E.more_pieces l) None (E.first_piece l) HC) as [_ [VC [eta [He P]]]].
  set (qL := S.left_piece l (S.constant_of u)) in *. set (qR := S.right_piece l (S.constant_of u)) in *. change (C.piece_towards _ _ _ Lt) with qL in VC, P. change (C.piece_towards _ _ _ Gt) with qR in VC, P.
  set (c := Q2R (S.constant_of u)) in *. set (sL := slope (quadratic_R qL) c). set (sR := slope (quadratic_R qR) c).
  assert (SL : Q2R (E.qslope qL (S.constant_of u)) = sL) by apply qslope_R. assert (SR : Q2R (E.qslope qR (S.constant_of u)) = sR) by apply qslope_R.
  assert (CL : snd (quadratic_R qL) = Q2R (snd qL)) by (destruct qL as [[? ?] ?]; reflexivity). assert (CR : snd (quadratic_R qR) = Q2R (snd qR)) by (destruct qR as [[? ?] ?]; reflexivity).
  pose proof (close_tends origin ev HE f u Hf eta He) as NR. destruct (close_expansion f u Hf) as [M [HM XP]].
  assert (V0 : ell (loss_R l) c = value (quadratic_R qL) c). { unfold ell. cbn [loss_R first_piece more_pieces]. rewrite (P c) by (unfold Rminus; rewrite Rplus_opp_r, Rabs_R0; auto). destruct (Rle_dec c c); [auto|lra]. }
  (* the loss near c *)
  assert (LS : ev (fun y => let d := f y - c in ell (loss_R l) (f y) - ell (loss_R l) c = if Rle_dec (f y) c then sL * d + Q2R (snd qL) * (d * d) else sR * d + Q2R (snd qR) * (d * d))).
  { apply (ev_mono _ _) with (2 := NR). intros y A. cbv zeta. fold c in A. rewrite V0. unfold ell. cbn [loss_R first_piece more_pieces]. rewrite (P _ A). destruct (Rle_dec (f y) c).
    - rewrite (value_near _ c (f y)), CL. fold sL. lra. - rewrite (value_near _ c (f y)), CR, VC. fold sR. lra. }
  destruct (qeqb (qmul m (E.qslope qL _)) (qmul m (E.qslope qR _))) eqn:EQ.
  - apply qeqb_R in EQ. rewrite !qmul_R, SL, SR in EQ. assert (ES : sL = sR) by (apply (Rmult_eq_reg_l (Q2R m)); lra). inversion H; subst t. clear H.
    set (k := if qltb (snd qL) (snd qR) then snd qL else snd qR) in *. assert (KL : Q2R k <= Q2R (snd qL) /\ Q2R k <= Q2R (snd qR)).
    { unfold k. destruct (qltb (snd qL) (snd qR)) eqn:B; [apply qltb_R in B; lra|apply qltb_false in B; lra]. }
    intros rho Hr. cbn [S.part_forced S.part_linear S.part_square]. exists (Rabs (Q2R m * sL) * M + Rabs (Q2R m * Q2R k) * M).
    split. { pose proof (Rabs_pos (Q2R m * sL)). pose proof (Rabs_pos (Q2R m * Q2R k)). assert (0 <= Rabs (Q2R m * sL) * M) by (now apply Rmult_le_pos). assert (0 <= Rabs (Q2R m * Q2R k) * M) by (now apply Rmult_le_pos). lra. }
    apply (ev_and2 _ _ _ LS XP). intros y A [B1 [B2 B3]]. cbv zeta in A. unfold squares. cbn [sum]. rewrite lin_vscale, quad_fadd, !quad_fscale, quad_product, !qmul_R, SL. fold c in B1, B2, B3.
    set (d := f y - c) in *. set (x := lin (S.linear u) y) in *. set (z := quad (S.square u) y) in *. set (o := order y) in *.
    pose proof (times_close (Q2R m * sL) d (x + z) _ B1) as T1. pose proof (times_close (Q2R m * Q2R k) (d * d) (x * x) _ B3) as T2.
    assert (LO : Q2R m * (sL * d + Q2R k * (d * d)) <= Q2R m * (ell (loss_R l) (f y) - ell (loss_R l) c)).
    { apply Rmult_le_compat_l; [lra|]. rewrite A. assert (D2 : 0 <= d * d) by (pose proof (Rle_0_sqr d) as Q; unfold Rsqr in Q; exact Q). destruct KL as [K1 K2].
      destruct (Rle_dec (f y) c); [|rewrite <- ES]; apply Rplus_le_compat_l; now apply Rmult_le_compat_r. }
    replace ((Rabs (Q2R m * sL) * M + Rabs (Q2R m * Q2R k) * M) * o) with (Rabs (Q2R m * sL) * (M * o) + Rabs (Q2R m * Q2R k) * (M * o)) by lra. lra.
  - destruct given as [r|]; [|discriminate]. match type of H with (if ?b then _ else _) = _ => destruct b eqn:B; [|discriminate] end. inversion H; subst t. clear H EQ.
    split_and B. apply qleb_R in B, B0, B1, B2. rewrite ?qmul_R, ?SL, ?SR, ?Q2R_0 in *. rename B into R1. rename B2 into R2. rename B1 into KL. rename B0 into KR.
    set (a := Q2R m * sL) in *. set (b := Q2R m * sR) in *. set (rr := Q2R r) in *.
    (* m (loss - loss at c) >= r d + e |d| *)
    assert (LO : ev (fun y => rr * (f y - c) + Rmin (rr - a) (b - rr) * Rabs (f y - c) <= Q2R m * (ell (loss_R l) (f y) - ell (loss_R l) c))).
    { apply (ev_mono _ _) with (2 := LS). intros y A. cbv zeta in A. rewrite A. set (d := f y - c) in *. assert (D2 : 0 <= d * d) by (pose proof (Rle_0_sqr d) as Q; unfold Rsqr in Q; exact Q).
      pose proof (Rmin_l (rr - a) (b - rr)) as M1. pose proof (Rmin_r (rr - a) (b - rr)) as M2. destruct (Rle_dec (f y) c).
      - assert (DN : d <= 0) by (unfold d; lra). rewrite Rabs_left1 by auto. assert (0 <= Q2R m * (Q2R (snd qL) * (d * d))) by (apply Rmult_le_pos; [lra|now apply Rmult_le_pos]).
        assert (Rmin (rr - a) (b - rr) * - d <= (rr - a) * - d) by (apply Rmult_le_compat_r; lra). replace (Q2R m * (sL * d + Q2R (snd qL) * (d * d))) with (a * d + Q2R m * (Q2R (snd qL) * (d * d))) by (unfold a; lra). lra.
      - assert (DN : 0 <= d) by (unfold d; lra). rewrite Rabs_right by lra. assert (0 <= Q2R m * (Q2R (snd qR) * (d * d))) by (apply Rmult_le_pos; [lra|now apply Rmult_le_pos]).
        assert (Rmin (rr - a) (b - rr) * d <= (b - rr) * d) by (apply Rmult_le_compat_r; lra). replace (Q2R m * (sR * d + Q2R (snd qR) * (d * d))) with (b * d + Q2R m * (Q2R (snd qR) * (d * d))) by (unfold b; lra). lra. }
    assert (E0 : 0 <= Rmin (rr - a) (b - rr)) by (apply Rmin_glb; lra).
    intros rho Hr. cbn [S.part_forced S.part_linear S.part_square].
    assert (FS : exists K, 0 <= K /\ ev (fun y => rho * squares (if qltb (qmul m (E.qslope qL (S.constant_of u))) r &&& qltb r (qmul m (E.qslope qR (S.constant_of u))) then [S.linear u] else []) y <= Rmin (rr - a) (b - rr) * Rabs (f y - c) + K * order y)).
    { destruct (qltb _ r &&& qltb r _) eqn:IN.
      - apply both in IN as [I1 I2]. apply qltb_R in I1, I2. rewrite qmul_R, SL in I1. rewrite qmul_R, SR in I2. fold a rr in I1. fold b rr in I2.
        destruct (forced_sound (fun y => Rabs (f y - c)) (S.linear u) (Rmin (rr - a) (b - rr)) ltac:(apply Rmin_glb_lt; lra)) with (rho := rho) as [K [HK Q]]; auto.
        + apply (ev_true origin ev HE). intros. apply Rabs_pos.
        + exists M. split; auto. apply (ev_mono _ _) with (2 := XP). intros y [_ [B _]]. fold c in B. set (x := lin (S.linear u) y) in *. replace x with ((f y - c) - (f y - c - x)) by lra. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp. lra.
        + exists K. split; auto. apply (ev_mono _ _) with (2 := Q). intros y Hy. unfold squares. cbn [sum]. rewrite Rplus_0_r. exact Hy.
      - exists 0. split; [lra|]. apply (ev_true origin ev HE). intros y. unfold squares. cbn [sum]. pose proof (Rabs_pos (f y - c)). assert (0 <= Rmin (rr - a) (b - rr) * Rabs (f y - c)) by (now apply Rmult_le_pos). lra. }
    destruct FS as [K [HK FS]]. exists (K + Rabs rr * M). split. { assert (0 <= Rabs rr * M) by (apply Rmult_le_pos; auto; apply Rabs_pos). lra. }
    apply (ev_and2 _ _ _ (ev_and _ _ LO FS) XP). intros y [A1 A2] [B1 _]. rewrite lin_vscale, quad_fscale. fold rr. fold c in B1.
    pose proof (times_close rr (f y - c) _ _ B1) as T. replace ((K + Rabs rr * M) * order y) with (K * order y + Rabs rr * (M * order y)) by lra. lra.
Qed.

(* ---- Walls ---- *)
Definition good_wall (w : S.wall) : Prop := exists f, close f (S.wall_jet w) /\ ev (fun y => on_side (S.wall_sign w) (f origin) (f y)).

Lemma signed_by_R tau q : Q2R (S.signed_by tau q) = (if tau then 1 else -1) * Q2R q.
Proof. unfold S.signed_by. destruct tau; [lra|rewrite qopp_R; lra]. Qed.

(* What lies on its side of a wall, to first and second order. *)
Lemma wall_side w : good_wall w -> let sg := if S.wall_sign w then 1 else -1 in exists phi M, 0 <= M /\ ev (fun y => 0 <= phi y
  /\ Rabs (phi y - sg * (lin (S.linear (S.wall_jet w)) y + quad (S.square (S.wall_jet w)) y)) <= M * order y /\ Rabs (phi y - sg * lin (S.linear (S.wall_jet w)) y) <= M * (norm y * norm y)).
Proof.
  intros [f [Hf Hs]] sg. destruct (close_expansion f _ Hf) as [M [HM XP]]. pose proof (close_origin origin ev HE f _ Hf) as E0. exists (fun y => sg * (f y - f origin)), M. split; auto.
  apply (ev_and2 _ _ _ Hs XP). intros y A [B1 [B2 _]]. rewrite E0 in *. set (c := Q2R (S.constant_of (S.wall_jet w))) in *. assert (SA : Rabs sg = 1) by (unfold sg; destruct (S.wall_sign w); [apply Rabs_R1|rewrite Rabs_left; lra]).
  split. { unfold on_side, sg in *. destruct (S.wall_sign w); lra. } split.
  - rewrite <- Rmult_minus_distr_l, Rabs_mult, SA, Rmult_1_l. exact B1. - rewrite <- Rmult_minus_distr_l, Rabs_mult, SA, Rmult_1_l. exact B2.
Qed.

Lemma named_walls_find ws name w : CheckUnitwise.find name (S.named_walls ws) = Some w -> In w ws /\ S.wall_name w = name.
Proof. intros H. apply UnitwiseSound.find_In in H. unfold S.named_walls in H. rewrite tmap_map in H. apply in_map_iff in H. destruct H as [v [E Hv]]. inversion E; subst. auto. Qed.

Lemma lambda_sound ws nl t : (forall w, In w ws -> good_wall w) -> S.lambda_part (S.named_walls ws) nl = Some t -> above (fun _ => 0) t.
Proof.
  intros HW H. unfold S.lambda_part in H. destruct (CheckUnitwise.find _ _) as [w|] eqn:EF; [|discriminate]. apply named_walls_find in EF. destruct (qltb 0 (snd nl)) eqn:EL; [|discriminate]. inversion H; subst t. clear H.
  apply qltb_R in EL. rewrite Q2R_0 in EL. set (la := Q2R (snd nl)) in *. destruct (wall_side w (HW w (proj1 EF))) as [phi [M [HM XP]]]. set (sg := if S.wall_sign w then 1 else -1) in *.
  assert (S2 : sg * sg = 1) by (unfold sg; destruct (S.wall_sign w); lra). assert (SA : Rabs sg = 1) by (unfold sg; destruct (S.wall_sign w); [apply Rabs_R1|rewrite Rabs_left; lra]).
  assert (EC : Q2R (S.signed_by (negb (S.wall_sign w)) (snd nl)) = - sg * la) by (rewrite signed_by_R; unfold sg, la; destruct (S.wall_sign w); simpl; lra).
  intros rho Hr. cbn [S.part_forced S.part_linear S.part_square].
  destruct (forced_sound phi (S.linear (S.wall_jet w)) la EL) with (rho := rho) as [K [HK Q]]; auto.
  - apply (ev_mono _ _) with (2 := XP). tauto.
  - exists M. split; auto. apply (ev_mono _ _) with (2 := XP). intros y [A [_ B]]. set (x := lin (S.linear (S.wall_jet w)) y) in *.
    assert (EX : Rabs x = Rabs (sg * x)) by (rewrite Rabs_mult, SA; lra). rewrite EX. replace (sg * x) with (phi y - (phi y - sg * x)) by lra. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, (Rabs_right (phi y)) by lra. lra.
  - exists (K + la * M). split. { assert (0 <= la * M) by (apply Rmult_le_pos; lra). lra. } apply (ev_and2 _ _ _ Q XP). intros y A [B0 [B1 _]]. rewrite lin_vscale, quad_fscale, EC. unfold squares. cbn [sum]. rewrite Rplus_0_r.
    set (x := lin (S.linear (S.wall_jet w)) y) in *. set (z := quad (S.square (S.wall_jet w)) y) in *. pose proof (times_close (-1) (phi y) (sg * (x + z)) _ B1) as T. rewrite (Rabs_left (-1)) in T by lra. apply (Rmult_le_compat_l la) in T; [|lra]. lra.
Qed.

(* Both at least -M n^2, and at most L n in size: their product is at least - a multiple of n^3. *)
Lemma product_below a b L M n : 0 <= L -> 0 <= M -> 0 <= n -> - (M * (n * n)) <= a -> - (M * (n * n)) <= b -> Rabs a <= L * n -> Rabs b <= L * n -> - (a * b) <= L * M * (n * n * n).
Proof.
  intros HL HM Hn Ha Hb La Lb. assert (N2 : 0 <= n * n) by nra. assert (LN : 0 <= L * n) by (now apply Rmult_le_pos). assert (MN : 0 <= M * (n * n)) by (now apply Rmult_le_pos).
  assert (PP : 0 <= L * n * (M * (n * n))) by (now apply Rmult_le_pos).
  replace (L * M * (n * n * n)) with (L * n * (M * (n * n))) by lra.
  destruct (Rle_or_lt 0 a) as [A|A], (Rle_or_lt 0 b) as [B|B].
  - assert (0 <= a * b) by (now apply Rmult_le_pos). lra.
  - rewrite (Rabs_right a) in La by lra. assert (a * - b <= L * n * (M * (n * n))) by (apply Rmult_le_compat; lra). lra.
  - rewrite (Rabs_right b) in Lb by lra. assert (b * - a <= L * n * (M * (n * n))) by (apply Rmult_le_compat; lra). lra.
  - assert (0 <= (- a) * (- b)) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma nu_sound ws e t : (forall w, In w ws -> good_wall w) -> S.nu_part (S.named_walls ws) e = Some t -> above (fun _ => 0) t.
Proof.
  intros HW H. unfold S.nu_part in H. destruct e as [[m n] nu]. destruct (CheckUnitwise.find m _) as [v|] eqn:EV; [|discriminate]. destruct (CheckUnitwise.find n _) as [w|] eqn:EF; [|discriminate].
  apply named_walls_find in EV, EF. destruct (qleb 0 nu) eqn:EN; [|discriminate]. inversion H; subst t. clear H. apply qleb_R in EN. rewrite Q2R_0 in EN.
  destruct (wall_side v (HW v (proj1 EV))) as [phi [M [HM XP]]]. destruct (wall_side w (HW w (proj1 EF))) as [psi [M' [HM' YP]]].
  set (sv := if S.wall_sign v then 1 else -1) in *. set (sw := if S.wall_sign w then 1 else -1) in *.
  assert (SV : Rabs sv = 1) by (unfold sv; destruct (S.wall_sign v); [apply Rabs_R1|rewrite Rabs_left; lra]). assert (SW : Rabs sw = 1) by (unfold sw; destruct (S.wall_sign w); [apply Rabs_R1|rewrite Rabs_left; lra]).
  assert (EC : Q2R (qmul (-1 # 2) (S.signed_by (eqb (S.wall_sign v) (S.wall_sign w)) nu)) = - (Q2R nu / 2) * (sv * sw)).
  { rewrite qmul_R, signed_by_R. assert (EH : Q2R (-1 # 2) = - (1 / 2)) by (unfold Q2R; simpl; lra). rewrite EH. unfold sv, sw. destruct (S.wall_sign v), (S.wall_sign w); simpl; lra. }
  destruct (lin_bound (S.linear (S.wall_jet v))) as [L [HL PL]]. destruct (lin_bound (S.linear (S.wall_jet w))) as [L' [HL' PL']].
  intros rho Hr. cbn [S.part_forced S.part_linear S.part_square]. exists (Q2R nu / 2 * ((L + L') * (M + M'))). split. { apply Rmult_le_pos; [lra|]. apply Rmult_le_pos; lra. }
  apply (ev_and2 _ _ _ XP YP). intros y [A0 [_ A1]] [B0 [_ B1]]. specialize (PL y). specialize (PL' y). pose proof (norm_pos y) as N0. unfold squares. cbn [sum]. rewrite lin_nil, quad_fscale, quad_product, EC. unfold order.
  set (k := norm y) in *. set (a := lin (S.linear (S.wall_jet v)) y) in *. set (b := lin (S.linear (S.wall_jet w)) y) in *. assert (N2 : 0 <= k * k) by nra.
  assert (PB : - ((sv * a) * (sw * b)) <= (L + L') * (M + M') * (k * k * k)).
  { assert (0 <= M * (k * k)) by (now apply Rmult_le_pos). assert (0 <= M' * (k * k)) by (now apply Rmult_le_pos). assert (0 <= L * k) by (now apply Rmult_le_pos). assert (0 <= L' * k) by (now apply Rmult_le_pos).
    apply product_below; try lra.
    - pose proof (Rle_abs (phi y - sv * a)). lra. - pose proof (Rle_abs (psi y - sw * b)). lra.
    - rewrite Rabs_mult, SV. lra. - rewrite Rabs_mult, SW. lra. }
  apply (Rmult_le_compat_l (Q2R nu / 2)) in PB; [|lra]. lra.
Qed.
End Nearby.
