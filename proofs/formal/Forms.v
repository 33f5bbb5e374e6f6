(* Linear and quadratic forms over the real numbers, and forms that are positive on a subspace
   (proofs/rules/second_order.md, lemma 3). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Numbers NumbersSound.
From Exactsurf Require CheckSecondOrder.
Import ListNotations.
Open Scope R_scope.
Module S := CheckSecondOrder.

(* ---- Rational numbers ---- *)
Lemma Qnum_0 q : Qnum q = 0%Z -> Q2R q = 0.
Proof. destruct q as [n d]. simpl. intros ->. rewrite Q2R_make. apply real_0. Qed.
Lemma Qnum_not_0 q : Qnum q <> 0%Z -> Q2R q <> 0.
Proof. destruct q as [n d]. simpl. intros H F. apply H. rewrite Q2R_make in F. now apply real_eq_0 in F. Qed.
Lemma Qnum_positive q : (0 < Qnum q)%Z -> 0 < Q2R q.
Proof. destruct q as [n d]. simpl. intros H. rewrite Q2R_make, <- (real_0 d). apply compare_real. nia. Qed.

Lemma qplus_R x y : Q2R (S.qplus x y) = Q2R x + Q2R y.
Proof.
  unfold S.qplus. destruct (Z.eqb_spec (Qnum x) 0) as [E|_]; [rewrite (Qnum_0 x E); lra|].
  destruct (Z.eqb_spec (Qnum y) 0) as [E|_]; [rewrite (Qnum_0 y E); lra|]. apply qadd_R.
Qed.
Lemma Q2R_zero : Q2R (0 # 1) = 0. Proof. unfold Q2R. simpl. lra. Qed.
Lemma qtimes_R x y : Q2R (S.qtimes x y) = Q2R x * Q2R y.
Proof.
  unfold S.qtimes. destruct (Z.eqb_spec (Qnum x) 0) as [E|_]; [rewrite (Qnum_0 x E), Q2R_zero; lra|].
  destruct (Z.eqb_spec (Qnum y) 0) as [E|_]; [rewrite (Qnum_0 y E), Q2R_zero; lra|]. apply qmul_R.
Qed.
Lemma qinverse_R x : Qnum x <> 0%Z -> Q2R (S.qinverse x) * Q2R x = 1.
Proof.
  destruct x as [n d]. simpl. intros H. unfold S.qinverse. cbn [Qnum Qden]. pose proof (pos_R d). destruct (Z.ltb_spec 0 n) as [L|L]; rewrite !Q2R_make; unfold real.
  - rewrite Z2Pos.id by lia. field. split; auto. apply not_0_IZR. lia.
  - rewrite Z2Pos.id by lia. rewrite !opp_IZR. field. split; auto. apply not_0_IZR. lia.
Qed.

(* ---- Linear forms ---- *)
Definition lin (u : list Q) (y : list R) : R := dot (reals u) y.

Lemma lin_nil y : lin [] y = 0. Proof. reflexivity. Qed.
Lemma lin_vadd u : forall v y, lin (S.vadd u v) y = lin u y + lin v y.
Proof.
  unfold lin. induction u as [|a u IH]; intros [|b v] y; simpl; try lra. destruct y as [|x y]; simpl; [lra|].
  fold (reals (S.vadd u v)). rewrite IH, qplus_R. unfold reals. lra.
Qed.
Lemma lin_tmap c u y : lin (tmap (S.qtimes c) u) y = Q2R c * lin u y.
Proof. unfold lin. rewrite tmap_map. revert y. induction u as [|a u IH]; intros [|x y]; simpl; try lra. unfold reals in IH. rewrite IH, qtimes_R. unfold reals. lra. Qed.
Lemma lin_vscale c u y : lin (S.vscale c u) y = Q2R c * lin u y.
Proof. unfold S.vscale. destruct (Z.eqb_spec (Qnum c) 0) as [E|_]; [rewrite (Qnum_0 c E), lin_nil; lra|apply lin_tmap]. Qed.
Lemma lin_vzero u : S.vzero u = true -> forall y, lin u y = 0.
Proof.
  unfold lin, S.vzero. induction u as [|a u IH]; intros H [|x y]; simpl in *; auto. apply both in H as [H1 H2]. apply Z.eqb_eq in H1. rewrite IH, (Qnum_0 a H1) by auto. lra.
Qed.
Lemma lin_cons u x y : lin u (x :: y) = Q2R (S.head_of u) * x + lin (S.tail_of u) y.
Proof. destruct u as [|a u]; simpl; [|reflexivity]. change (@nil Q) with (@nil Q). unfold lin. simpl. rewrite Q2R_zero. lra. Qed.
Lemma lin_fold vs : forall acc y, lin (fold S.vadd acc vs) y = lin acc y + sum vs (fun v => lin v y).
Proof. induction vs as [|v vs IH]; intros acc y; simpl; [lra|]. rewrite IH, lin_vadd. lra. Qed.

(* ---- Quadratic forms ---- *)
Fixpoint quad (f : S.form) (y : list R) : R :=
  match f, y with u :: f', x :: y' => x * lin u y + quad f' y' | _, _ => 0 end.

Lemma quad_nil y : quad [] y = 0. Proof. reflexivity. Qed.
Lemma quad_fadd f : forall g y, quad (S.fadd f g) y = quad f y + quad g y.
Proof. induction f as [|u f IH]; intros [|v g] [|x y]; cbn [S.fadd quad]; try lra. rewrite IH, lin_vadd. lra. Qed.
Lemma quad_fscale c f y : quad (S.fscale c f) y = Q2R c * quad f y.
Proof.
  unfold S.fscale. destruct (Z.eqb_spec (Qnum c) 0) as [E|_]; [rewrite (Qnum_0 c E), quad_nil; lra|]. rewrite tmap_map. revert y.
  induction f as [|u f IH]; intros [|x y]; cbn [map quad]; try lra. rewrite IH, lin_vscale. lra.
Qed.
Lemma quad_product u : forall v y, quad (S.product u v) y = lin u y * lin v y.
Proof.
  induction u as [|a u IH]; intros [|b v] [|x y]; cbn [S.product quad]; rewrite ?lin_nil; try (unfold lin; simpl; lra).
  rewrite IH. rewrite (lin_cons (a :: u)), (lin_cons (b :: v)). cbn [S.head_of S.tail_of].
  destruct (Z.eqb_spec (Qnum a) 0) as [E|_]; [destruct (Z.eqb_spec (Qnum b) 0) as [F|_]|];
    try (rewrite (lin_cons (S.qtimes a b :: _)); cbn [S.head_of S.tail_of]; rewrite lin_vadd, !lin_vscale, qtimes_R; lra).
  rewrite (Qnum_0 a E), (Qnum_0 b F), lin_nil. lra.
Qed.
Lemma quad_cons f x y : quad f (x :: y) = x * (Q2R (S.head_of (S.first_row f)) * x + lin (S.tail_of (S.first_row f)) y) + quad (S.tail_of f) y.
Proof. destruct f as [|u f]; cbn [quad S.first_row S.tail_of]; [unfold lin; simpl; rewrite Q2R_zero; lra|]. rewrite lin_cons. reflexivity. Qed.

(* ---- The norm ---- *)
Definition norm (y : list R) : R := sum y Rabs.
Lemma norm_pos y : 0 <= norm y.
Proof. unfold norm. induction y as [|x y IH]; simpl; [lra|]. pose proof (Rabs_pos x). lra. Qed.
Lemma lin_bound u : exists M, 0 <= M /\ forall y, Rabs (lin u y) <= M * norm y.
Proof.
  unfold lin. induction u as [|a u [M [HM P]]]. { exists 0. split; [lra|]. intros y. simpl. rewrite Rabs_R0. lra. }
  exists (Rabs (Q2R a) + M). split. { pose proof (Rabs_pos (Q2R a)). lra. } intros [|x y]; simpl.
  - rewrite Rabs_R0. unfold norm. simpl. lra.
  - specialize (P y). eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult. unfold norm in *. simpl. fold (reals u). set (N := sum y Rabs) in *.
    assert (0 <= N) by apply norm_pos. pose proof (Rabs_pos x). pose proof (Rabs_pos (Q2R a)).
    assert (0 <= Rabs (Q2R a) * N) by (now apply Rmult_le_pos). assert (0 <= M * Rabs x) by (now apply Rmult_le_pos). lra.
Qed.
Lemma quad_bound f : exists M, 0 <= M /\ forall y, Rabs (quad f y) <= M * (norm y * norm y).
Proof.
  induction f as [|u f [M [HM P]]]. { exists 0. split; [lra|]. intros y. simpl. rewrite Rabs_R0. lra. }
  destruct (lin_bound u) as [L [HL PL]]. exists (L + M). split; [lra|]. intros [|x y]; cbn [quad].
  - rewrite Rabs_R0. unfold norm. simpl. lra.
  - specialize (P y). specialize (PL (x :: y)). eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult. unfold norm in *. cbn [sum] in *. set (N := sum y Rabs) in *.
    assert (0 <= N) by apply norm_pos. pose proof (Rabs_pos x). pose proof (Rabs_pos (lin u (x :: y))).
    assert (Rabs x * Rabs (lin u (x :: y)) <= (Rabs x + N) * (L * (Rabs x + N))) by (apply Rmult_le_compat; lra).
    assert (M * (N * N) <= M * ((Rabs x + N) * (Rabs x + N))) by (apply Rmult_le_compat_l; auto; apply Rmult_le_compat; lra). lra.
Qed.

(* ---- Forms that are positive where linear forms vanish ---- *)
Definition squares (ws : list (list Q)) (y : list R) : R := sum ws (fun w => lin w y * lin w y).
Lemma squares_pos ws y : 0 <= squares ws y.
Proof. unfold squares. induction ws as [|w ws IH]; simpl; [lra|]. pose proof (Rle_0_sqr (lin w y)). unfold Rsqr in *. lra. Qed.
Lemma squares_app u v y : squares (u ++ v) y = squares u y + squares v y.
Proof. unfold squares. induction u as [|w u IH]; simpl; [lra|]. rewrite IH. lra. Qed.
Lemma squares_rev u y : squares (rev u) y = squares u y.
Proof. induction u as [|w u IH]; auto. cbn [rev]. rewrite squares_app, IH. unfold squares. simpl. lra. Qed.

Lemma take_pivot_spec ws : forall passed w others, S.take_pivot ws passed = Some (w, others) ->
  Qnum (S.head_of w) <> 0%Z /\ forall y, squares passed y + squares ws y = lin w y * lin w y + squares others y.
Proof.
  induction ws as [|v ws IH]; intros passed w others H; cbn [S.take_pivot] in H; [discriminate|]. destruct (Z.eqb_spec (Qnum (S.head_of v)) 0) as [E|N].
  - destruct (IH _ _ _ H) as [A B]. split; auto. intros y. rewrite <- B. unfold squares. simpl. lra.
  - inversion H; subst. split; auto. intros y. rewrite rev_onto_spec, squares_app, squares_rev. unfold squares at 2. simpl. fold (squares ws y). lra.
Qed.
Lemma take_pivot_none ws : forall passed, S.take_pivot ws passed = None -> forall x y, squares ws (x :: y) = squares (map S.tail_of ws) y.
Proof.
  induction ws as [|v ws IH]; intros passed H x y; cbn [S.take_pivot] in H; auto. destruct (Z.eqb_spec (Qnum (S.head_of v)) 0) as [E|N]; [|discriminate].
  unfold squares in *. cbn [map sum]. rewrite (IH _ H), lin_cons, (Qnum_0 _ E). replace (0 * x + lin (S.tail_of v) y) with (lin (S.tail_of v) y) by lra. reflexivity.
Qed.

(* |x| <= |u| + L n and c n^2 <= r bound (|x| + n)^2 by a multiple of u^2 + r. *)
Lemma spread_norm c L : 0 < c -> 0 <= L -> exists k, 0 < k /\ forall x u n, 0 <= n -> Rabs x <= Rabs u + L * n ->
  k * ((Rabs x + n) * (Rabs x + n)) <= u * u + c * (n * n).
Proof.
  intros Hc HL. set (B := 2 * ((L + 1) * (L + 1))). assert (HB : 0 < B) by (unfold B; nra).
  exists (Rmin (1 / 2) (c / B)). assert (0 < c / B) by (now apply Rdiv_lt_0_compat). split; [apply Rmin_glb_lt; lra|].
  intros x u n Hn Hx. set (k := Rmin (1 / 2) (c / B)). assert (K1 : k <= 1 / 2) by apply Rmin_l. assert (K2 : k <= c / B) by apply Rmin_r. assert (K0 : 0 <= k) by (apply Rlt_le, Rmin_glb_lt; lra).
  pose proof (Rabs_pos x). pose proof (Rabs_pos u). assert (U2 : u * u = Rabs u * Rabs u) by (unfold Rabs; destruct (Rcase_abs u); lra).
  assert (T : (Rabs x + n) * (Rabs x + n) <= 2 * (Rabs u * Rabs u) + B * (n * n)).
  { assert ((Rabs x + n) * (Rabs x + n) <= (Rabs u + (L + 1) * n) * (Rabs u + (L + 1) * n)) by (apply Rmult_le_compat; lra).
    assert ((Rabs u - (L + 1) * n) * (Rabs u - (L + 1) * n) >= 0) by (apply Rle_ge; pose proof (Rle_0_sqr (Rabs u - (L + 1) * n)) as Q; unfold Rsqr in Q; exact Q). unfold B. nra. }
  assert (KT : k * ((Rabs x + n) * (Rabs x + n)) <= k * (2 * (Rabs u * Rabs u) + B * (n * n))) by (now apply Rmult_le_compat_l).
  assert (k * B <= c). { replace c with (c / B * B) by (field; lra). apply Rmult_le_compat_r; lra. }
  assert (0 <= n * n) by nra. assert (0 <= Rabs u * Rabs u) by nra.
  assert (k * B * (n * n) <= c * (n * n)) by (now apply Rmult_le_compat_r). assert (k * (2 * (Rabs u * Rabs u)) <= Rabs u * Rabs u) by nra. lra.
Qed.

Theorem positive_on ps : forall ws f, S.is_positive_on ps ws f = true ->
  exists c rho, 0 < c /\ 0 <= rho /\ forall y, length y = length ps -> c * (norm y * norm y) <= quad f y + rho * squares ws y.
Proof.
  induction ps as [|p0 ps IH]; intros ws f H; cbn [S.is_positive_on] in H.
  { exists 1, 0. split; [lra|]. split; [lra|]. intros [|x y] Hy; [|discriminate]. unfold norm. destruct f; simpl; lra. }
  set (a := S.head_of (S.first_row f)) in *. set (b := S.tail_of (S.first_row f)) in *. set (rest := S.tail_of f) in *.
  destruct (lin_bound b) as [B [HB PB]].
  destruct (S.take_pivot ws []) as [[w others]|] eqn:EP.
  - destruct (take_pivot_spec _ _ _ _ EP) as [NW SQ]. pose proof (qinverse_R _ NW) as PI. pose proof (Qnum_not_0 _ NW) as NZ. set (q := Q2R (S.head_of w)) in *.
    set (m := S.vscale (qopp (S.qinverse (S.head_of w))) (S.tail_of w)) in *.
    destruct (IH _ _ H) as [c [rho [Hc [Hr P]]]]. clear IH H EP. destruct (lin_bound m) as [L [HL PL]]. rewrite tmap_map in P.
    destruct (spread_norm (c / 2) L ltac:(lra) HL) as [k [Hk KN]].
    set (C := sum others (fun v => Q2R (S.head_of v) * Q2R (S.head_of v))).
    assert (HC : 0 <= C). { unfold C. clear. induction others as [|v o IH]; simpl; [lra|]. pose proof (Rle_0_sqr (Q2R (S.head_of v))). unfold Rsqr in *. lra. }
    set (E := 2 * Rabs (Q2R a) * L + B). assert (HE : 0 <= E) by (unfold E; pose proof (Rabs_pos (Q2R a)); nra).
    set (G := 2 * rho * C + E * E / (2 * c) + Rabs (Q2R a) + 1).
    assert (HEE : 0 <= E * E / (2 * c)). { apply Rmult_le_pos; [nra|]. apply Rlt_le, Rinv_0_lt_compat. lra. }
    assert (HG : 0 <= G). { unfold G. pose proof (Rabs_pos (Q2R a)). assert (0 <= 2 * rho * C) by nra. lra. }
    assert (Q2 : 0 < q * q) by (apply Rsqr_pos_lt in NZ; exact NZ).
    exists k, (2 * rho + G / (q * q)). split; auto. split. { assert (0 <= G / (q * q)) by (apply Rmult_le_pos; auto; apply Rlt_le, Rinv_0_lt_compat; auto). lra. }
    intros [|x y] Hy; [discriminate|]. specialize (P y ltac:(simpl in Hy; lia)). specialize (PL y). specialize (PB y). pose proof (norm_pos y) as HN. set (n := norm y) in *.
    rewrite quad_cons. fold a b rest. specialize (SQ (x :: y)). unfold squares at 1 in SQ. cbn [sum] in SQ. rewrite Rplus_0_l in SQ. rewrite SQ. clear SQ.
    set (s := lin w (x :: y)) in *. set (sg := s / q). set (l := lin m y) in *. set (bt := lin b y) in *.
    assert (EX : x = sg + l).
    { unfold sg, l, s, m. rewrite lin_cons, lin_vscale, qopp_R. fold q. set (t := lin (S.tail_of w) y). set (i := Q2R (S.qinverse _)) in *.
      assert (EI : i = / q) by (apply (Rmult_eq_reg_r q); auto; rewrite PI; field; auto). rewrite EI. field. auto. }
    rewrite !quad_fadd, quad_fscale, !quad_product in P. fold l bt in P.
    assert (SQ2 : squares (map (fun v => S.vadd (S.vscale (S.head_of v) m) (S.tail_of v)) others) y <= 2 * squares others (x :: y) + 2 * C * (sg * sg)).
    { unfold squares, C. clear - EX. induction others as [|v o IHo]; cbn [map sum]; [lra|]. rewrite lin_vadd, lin_vscale, lin_cons. fold l. set (cv := Q2R (S.head_of v)) in *. set (t := lin (S.tail_of v) y).
      assert (ID : cv * x + t = (cv * l + t) + cv * sg) by (rewrite EX; lra). rewrite ID. set (g := cv * l + t) in *.
      pose proof (Rle_0_sqr (g + 2 * (cv * sg))) as Q. unfold Rsqr in Q. match goal with |- _ <= 2 * (_ + ?Z) + _ => set (z := Z) in * end. nra. }
    assert (R1 : rho * squares (map (fun v => S.vadd (S.vscale (S.head_of v) m) (S.tail_of v)) others) y <= rho * (2 * squares others (x :: y) + 2 * C * (sg * sg))) by (now apply Rmult_le_compat_l).
    set (so := squares others (x :: y)) in *.
    assert (KX : k * (norm (x :: y) * norm (x :: y)) <= sg * sg + c / 2 * (n * n)).
    { change (norm (x :: y)) with (Rabs x + n). apply KN; auto. rewrite EX. eapply Rle_trans; [apply Rabs_triang|]. lra. }
    assert (CR : Rabs (sg * (2 * Q2R a * l + bt)) <= c / 2 * (n * n) + E * E / (2 * c) * (sg * sg)).
    { rewrite Rabs_mult. assert (T : Rabs (2 * Q2R a * l + bt) <= E * n).
      { eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult, (Rabs_right 2) by lra. unfold E. pose proof (Rabs_pos (Q2R a)). assert (Rabs (Q2R a) * Rabs l <= Rabs (Q2R a) * (L * n)) by (now apply Rmult_le_compat_l). lra. }
      pose proof (Rabs_pos sg) as SG. assert (Rabs sg * Rabs (2 * Q2R a * l + bt) <= Rabs sg * (E * n)) by (now apply Rmult_le_compat_l).
      assert (S2 : sg * sg = Rabs sg * Rabs sg) by (unfold Rabs; destruct (Rcase_abs sg); lra). rewrite S2. set (u := Rabs sg) in *.
      pose proof (Rle_0_sqr (c * n - E * u)) as Q. unfold Rsqr in Q.
      assert (E1 : E * E / (2 * c) * (u * u) = (E * u) * (E * u) / (2 * c)) by (field; lra). rewrite E1.
      assert (u * (E * n) <= c / 2 * (n * n) + E * u * (E * u) / (2 * c)); [|lra].
      apply (Rmult_le_reg_r (2 * c)); [lra|]. replace ((c / 2 * (n * n) + E * u * (E * u) / (2 * c)) * (2 * c)) with (c * c * (n * n) + E * u * (E * u)) by (field; lra). lra. }
    assert (AS : - (Rabs (Q2R a) * (sg * sg)) <= Q2R a * (sg * sg)).
    { assert (0 <= sg * sg) by (pose proof (Rle_0_sqr sg) as Q; unfold Rsqr in Q; exact Q). pose proof (Rabs_pos (Q2R a)). unfold Rabs. destruct (Rcase_abs (Q2R a)); nra. }
    assert (GS : G / (q * q) * (s * s) = G * (sg * sg)) by (unfold sg; field; auto).
    assert (EQ : x * (Q2R a * x + bt) = Q2R a * (l * l) + l * bt + sg * (2 * Q2R a * l + bt) + Q2R a * (sg * sg)) by (rewrite EX; lra). rewrite EQ.
    assert (AB : - Rabs (sg * (2 * Q2R a * l + bt)) <= sg * (2 * Q2R a * l + bt)) by (unfold Rabs; destruct (Rcase_abs (sg * (2 * Q2R a * l + bt))); lra).
    replace ((2 * rho + G / (q * q)) * (s * s + so)) with (2 * rho * (s * s) + G / (q * q) * (s * s) + 2 * rho * so + G / (q * q) * so) by lra. rewrite GS.
    assert (0 <= 2 * rho * (s * s)) by (assert (0 <= s * s) by (pose proof (Rle_0_sqr s) as Q; unfold Rsqr in Q; exact Q); nra).
    assert (0 <= so) by apply squares_pos.
    assert (0 <= G / (q * q) * so) by (apply Rmult_le_pos; auto; apply Rmult_le_pos; auto; apply Rlt_le, Rinv_0_lt_compat; auto).
    assert (EG : G * (sg * sg) = 2 * rho * C * (sg * sg) + E * E / (2 * c) * (sg * sg) + Rabs (Q2R a) * (sg * sg) + sg * sg) by (unfold G; lra).
    rewrite EG. lra.
  - apply both in H as [HA H]. apply Z.ltb_lt in HA. rewrite tmap_map in H. pose proof (take_pivot_none _ _ EP) as TN. clear EP.
    assert (NA : Qnum a <> 0%Z) by lia. pose proof (qinverse_R _ NA) as PI. apply Qnum_positive in HA. destruct (IH _ _ H) as [c [rho [Hc [Hr P]]]]. clear IH H.
    set (aR := Q2R a) in *. assert (HL : 0 <= B / (2 * aR)) by (apply Rmult_le_pos; auto; apply Rlt_le, Rinv_0_lt_compat; lra).
    destruct (spread_norm (c / aR) (B / (2 * aR)) ltac:(now apply Rdiv_lt_0_compat) HL) as [k [Hk KN]].
    exists (aR * k), rho. split; [now apply Rmult_lt_0_compat|]. split; auto. intros [|x y] Hy; [discriminate|]. specialize (P y ltac:(simpl in Hy; lia)). specialize (PB y).
    pose proof (norm_pos y) as HN. set (n := norm y) in *. rewrite quad_cons, TN. fold a b rest aR. set (bt := lin b y) in *. rewrite quad_fadd, quad_fscale, quad_product, qmul_R in P. fold bt in P.
    assert (EI : Q2R (S.qinverse a) = / aR) by (apply (Rmult_eq_reg_r aR); [rewrite PI; field; lra|lra]). rewrite EI in P.
    assert (E4 : Q2R (-1 # 4) = - (1 / 4)) by (unfold Q2R; simpl; lra). rewrite E4 in P.
    specialize (KN x (x + bt / (2 * aR)) n HN).
    assert (HX : Rabs x <= Rabs (x + bt / (2 * aR)) + B / (2 * aR) * n).
    { replace x with ((x + bt / (2 * aR)) + - (bt / (2 * aR))) at 1 by lra. eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l. rewrite Rabs_Ropp. unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ (2 * aR))).
      - replace (B * / (2 * aR) * n) with (B * n * / (2 * aR)) by lra. apply Rmult_le_compat_r; auto. apply Rlt_le, Rinv_0_lt_compat; lra.
      - apply Rle_ge, Rlt_le, Rinv_0_lt_compat; lra. }
    specialize (KN HX). change (norm (x :: y)) with (Rabs x + n). apply (Rmult_le_compat_l aR) in KN; [|lra].
    assert (ES : aR * ((x + bt / (2 * aR)) * (x + bt / (2 * aR)) + c / aR * (n * n)) = x * (aR * x + bt) + bt * bt / (4 * aR) + c * (n * n)) by (field; lra). rewrite ES in KN.
    assert (EB : - (1 / 4) * / aR * (bt * bt) = - (bt * bt / (4 * aR))) by (field; lra). rewrite EB in P. lra.
Qed.
