(* Functions of the change y of the parameters that agree with a polynomial of second order up to O(|y|^3), where some
   property holds near y = 0 (proofs/rules/second_order.md, lemma 3). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Numbers NumbersSound ForwardSound Forms.
From Exactsurf Require Indices.
From Exactsurf Require Evaluate CheckCurve CheckConvex CheckDeadUnit CheckSecondOrder.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckCurve.
Module D := CheckDeadUnit.
Module S := CheckSecondOrder.

Definition jet_at (J : S.jet) (y : list R) : R := Q2R (S.constant_of J) + lin (S.linear J) y + quad (S.square J) y.

Lemma jet_const c y : jet_at (S.jconstant c) y = Q2R c.
Proof. unfold jet_at, S.jconstant. cbn [S.constant_of S.linear S.square]. rewrite lin_nil, quad_nil. lra. Qed.
Lemma jet_add a b y : jet_at (S.jadd a b) y = jet_at a y + jet_at b y.
Proof. unfold jet_at, S.jadd. cbn [S.constant_of S.linear S.square]. rewrite qplus_R, lin_vadd, quad_fadd. lra. Qed.
Lemma jet_scale c a y : jet_at (S.jscale c a) y = Q2R c * jet_at a y.
Proof. unfold jet_at, S.jscale. cbn [S.constant_of S.linear S.square]. rewrite qtimes_R, lin_vscale, quad_fscale. lra. Qed.
(* The product of two polynomials without the products of higher order. *)
Lemma jet_mul a b y : jet_at (S.jmul a b) y = jet_at a y * jet_at b y
  - (lin (S.linear a) y * quad (S.square b) y + quad (S.square a) y * lin (S.linear b) y + quad (S.square a) y * quad (S.square b) y).
Proof. unfold jet_at, S.jmul. cbn [S.constant_of S.linear S.square]. rewrite qtimes_R, lin_vadd, !quad_fadd, !lin_vscale, !quad_fscale, quad_product. lra. Qed.
Lemma jet_mul_constant a c y : jet_at (S.jmul a (S.jconstant c)) y = jet_at a y * Q2R c.
Proof. rewrite jet_mul, jet_const. unfold S.jconstant. cbn [S.linear S.square]. rewrite lin_nil, quad_nil. lra. Qed.

Lemma jet_bound J : exists M, 0 <= M /\ forall y, norm y <= 1 -> Rabs (jet_at J y) <= M /\ Rabs (jet_at J y - Q2R (S.constant_of J)) <= M * norm y.
Proof.
  destruct (lin_bound (S.linear J)) as [L [HL PL]]. destruct (quad_bound (S.square J)) as [M [HM PM]]. exists (Rabs (Q2R (S.constant_of J)) + L + M).
  pose proof (Rabs_pos (Q2R (S.constant_of J))) as PC. split; [lra|]. intros y Hy. specialize (PL y). specialize (PM y). pose proof (norm_pos y) as HN. set (n := norm y) in *.
  assert (n * n <= n) by nra. assert (M * (n * n) <= M * n) by (now apply Rmult_le_compat_l). assert (L * n <= L) by nra. assert (M * n <= M) by nra.
  assert (D : Rabs (lin (S.linear J) y + quad (S.square J) y) <= L * n + M * n) by (eapply Rle_trans; [apply Rabs_triang|lra]). unfold jet_at. split.
  - rewrite Rplus_assoc. eapply Rle_trans; [apply Rabs_triang|]. lra.
  - replace (Q2R (S.constant_of J) + lin (S.linear J) y + quad (S.square J) y - Q2R (S.constant_of J)) with (lin (S.linear J) y + quad (S.square J) y) by lra.
    assert (0 <= Rabs (Q2R (S.constant_of J)) * n) by (now apply Rmult_le_pos). lra.
Qed.

(* ---- "For all small y with some property" ---- *)
Definition order (y : list R) : R := norm y * norm y * norm y.
Lemma order_pos y : 0 <= order y.
Proof. pose proof (norm_pos y). unfold order. apply Rmult_le_pos; auto. now apply Rmult_le_pos. Qed.

Record nearby (origin : list R) (ev : (list R -> Prop) -> Prop) : Prop := {
  origin_norm : norm origin = 0;
  ev_origin : forall A, ev A -> A origin;
  ev_and : forall A B, ev A -> ev B -> ev (fun y => A y /\ B y);
  ev_mono : forall A B : list R -> Prop, (forall y, A y -> B y) -> ev A -> ev B;
  ev_small : forall e, 0 < e -> ev (fun y => norm y < e) }.

Lemma nearby_point o : norm o = 0 -> nearby o (fun A => A o).
Proof. intros H. constructor; auto. intros e He. lra. Qed.

Section Nearby.
Variable origin : list R.
Variable ev : (list R -> Prop) -> Prop.
Hypothesis HE : nearby origin ev.

Lemma ev_true : forall A : list R -> Prop, (forall y, A y) -> ev A.
Proof. intros A H. apply (ev_mono origin ev HE (fun y => norm y < 1)); auto. apply (ev_small origin ev HE). lra. Qed.
Lemma ev_and2 (A B D : list R -> Prop) : ev A -> ev B -> (forall y, A y -> B y -> D y) -> ev D.
Proof. intros HA HB H. apply (ev_mono origin ev HE (fun y => A y /\ B y)); [intros y [? ?]; auto|]. now apply (ev_and origin ev HE). Qed.

Definition close (f : list R -> R) (J : S.jet) : Prop := exists K, 0 <= K /\ ev (fun y => Rabs (f y - jet_at J y) <= K * order y).

Lemma close_exact f J : ev (fun y => f y = jet_at J y) -> close f J.
Proof. intros H. exists 0. split; [lra|]. apply (ev_mono origin ev HE _ _) with (2 := H). intros y ->. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra. Qed.
Lemma close_ext f g J : ev (fun y => f y = g y) -> close f J -> close g J.
Proof. intros H [K [HK P]]. exists K. split; auto. apply (ev_and2 _ _ _ H P). intros y A B. now rewrite <- A. Qed.
Lemma close_all f g J : (forall y, f y = g y) -> close f J -> close g J.
Proof. intros H. apply close_ext. now apply ev_true. Qed.
Lemma close_const c : close (fun _ => Q2R c) (S.jconstant c).
Proof. apply close_exact, ev_true. intros y. now rewrite jet_const. Qed.
Lemma close_add f g a b : close f a -> close g b -> close (fun y => f y + g y) (S.jadd a b).
Proof.
  intros [K [HK P]] [L [HL Q]]. exists (K + L). split; [lra|]. apply (ev_and2 _ _ _ P Q). intros y A B. rewrite jet_add.
  replace (f y + g y - (jet_at a y + jet_at b y)) with ((f y - jet_at a y) + (g y - jet_at b y)) by lra. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.
Lemma close_scale c f a : close f a -> close (fun y => Q2R c * f y) (S.jscale c a).
Proof.
  intros [K [HK P]]. exists (Rabs (Q2R c) * K). split; [apply Rmult_le_pos; auto; apply Rabs_pos|]. apply (ev_mono origin ev HE _ _) with (2 := P). intros y A. rewrite jet_scale.
  replace (Q2R c * f y - Q2R c * jet_at a y) with (Q2R c * (f y - jet_at a y)) by lra. rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; auto. apply Rabs_pos.
Qed.

Lemma order_small y : norm y <= 1 -> order y <= 1 /\ order y <= norm y.
Proof. intros H. pose proof (norm_pos y) as P. unfold order. set (n := norm y) in *. assert (0 <= n * n <= 1) by nra. split; nra. Qed.

Lemma close_mul f g a b : close f a -> close g b -> close (fun y => f y * g y) (S.jmul a b).
Proof.
  intros [K [HK P]] [L [HL Q]]. destruct (jet_bound a) as [Ma [HMa Pa]]. destruct (jet_bound b) as [Mb [HMb Pb]].
  destruct (lin_bound (S.linear a)) as [la [Hla Pla]]. destruct (lin_bound (S.linear b)) as [lb [Hlb Plb]].
  destruct (quad_bound (S.square a)) as [qa [Hqa Pqa]]. destruct (quad_bound (S.square b)) as [qb [Hqb Pqb]].
  exists (K * (Mb + L) + Ma * L + (la * qb + qa * lb + qa * qb)).
  assert (0 <= K * (Mb + L)) by (apply Rmult_le_pos; lra). assert (0 <= Ma * L) by (apply Rmult_le_pos; lra).
  assert (0 <= la * qb) by (apply Rmult_le_pos; lra). assert (0 <= qa * lb) by (apply Rmult_le_pos; lra). assert (0 <= qa * qb) by (apply Rmult_le_pos; lra). split; [lra|].
  assert (SM : ev (fun y => norm y < 1)) by (apply (ev_small origin ev HE); lra).
  apply (ev_and2 _ _ _ SM (ev_and origin ev HE _ _ P Q)). intros y HN [A B]. rewrite jet_mul. destruct (order_small y ltac:(lra)) as [O1 O2]. pose proof (order_pos y) as O0.
  destruct (Pa y ltac:(lra)) as [A1 _]. destruct (Pb y ltac:(lra)) as [B1 _]. specialize (Pla y). specialize (Plb y). specialize (Pqa y). specialize (Pqb y). pose proof (norm_pos y) as N0.
  set (fa := jet_at a y) in *. set (gb := jet_at b y) in *. set (x1 := lin (S.linear a) y) in *. set (x2 := lin (S.linear b) y) in *. set (z1 := quad (S.square a) y) in *. set (z2 := quad (S.square b) y) in *.
  set (n := norm y) in *. set (o := order y) in *. assert (EO : o = n * n * n) by reflexivity. assert (NN : 0 <= n * n) by nra.
  replace (f y * g y - (fa * gb - (x1 * z2 + z1 * x2 + z1 * z2))) with ((f y - fa) * g y + fa * (g y - gb) + (x1 * z2 + z1 * x2 + z1 * z2)) by lra.
  assert (G : Rabs (g y) <= Mb + L). { replace (g y) with (gb + (g y - gb)) by lra. eapply Rle_trans; [apply Rabs_triang|]. assert (L * o <= L * 1) by (apply Rmult_le_compat_l; lra). lra. }
  assert (T1 : Rabs ((f y - fa) * g y) <= K * o * (Mb + L)) by (rewrite Rabs_mult; apply Rmult_le_compat; auto using Rabs_pos).
  assert (T2 : Rabs (fa * (g y - gb)) <= Ma * (L * o)) by (rewrite Rabs_mult; apply Rmult_le_compat; auto using Rabs_pos).
  assert (T3 : Rabs (x1 * z2) <= la * n * (qb * (n * n))) by (rewrite Rabs_mult; apply Rmult_le_compat; auto using Rabs_pos).
  assert (T4 : Rabs (z1 * x2) <= qa * (n * n) * (lb * n)) by (rewrite Rabs_mult; apply Rmult_le_compat; auto using Rabs_pos).
  assert (T5 : Rabs (z1 * z2) <= qa * (n * n) * (qb * (n * n))) by (rewrite Rabs_mult; apply Rmult_le_compat; auto using Rabs_pos).
  assert (T6 : qa * (n * n) * (qb * (n * n)) <= qa * qb * o). { rewrite EO. replace (qa * (n * n) * (qb * (n * n))) with (qa * qb * (n * n * n) * n) by lra. replace (qa * qb * (n * n * n)) with (qa * qb * (n * n * n) * 1) at 2 by lra. apply Rmult_le_compat_l; [apply Rmult_le_pos; auto; rewrite <- EO; lra|lra]. }
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat; [apply Rabs_triang|apply Rabs_triang]|].
  pose proof (Rabs_triang (x1 * z2) (z1 * x2)) as T7. rewrite EO in *. lra.
Qed.

(* A function that is close to a polynomial goes to its value at 0. *)
Lemma close_tends f J : close f J -> forall eta, 0 < eta -> ev (fun y => Rabs (f y - Q2R (S.constant_of J)) < eta).
Proof.
  intros [K [HK P]] eta He. destruct (jet_bound J) as [M [HM PM]].
  assert (H0 : 0 < eta / (K + M + 1)) by (apply Rdiv_lt_0_compat; lra).
  apply (ev_and2 _ _ _ P (ev_and origin ev HE _ _ (ev_small origin ev HE 1 ltac:(lra)) (ev_small origin ev HE _ H0))). intros y A [N1 N2]. destruct (PM y ltac:(lra)) as [_ B]. destruct (order_small y ltac:(lra)) as [_ O].
  replace (f y - Q2R (S.constant_of J)) with ((f y - jet_at J y) + (jet_at J y - Q2R (S.constant_of J))) by lra. eapply Rle_lt_trans; [apply Rabs_triang|].
  assert (K * order y <= K * norm y) by (now apply Rmult_le_compat_l). pose proof (norm_pos y).
  assert ((K + M + 1) * norm y < (K + M + 1) * (eta / (K + M + 1))) by (apply Rmult_lt_compat_l; lra).
  replace ((K + M + 1) * (eta / (K + M + 1))) with eta in H2 by (field; lra). lra.
Qed.

(* ---- The activation ---- *)
Lemma close_line h a f z : good_activation h -> close f z ->
  close (fun y => act (act_R h) (Q2R (S.constant_of z)) + real (E.unit_of (E.compile h)) a * (f y - Q2R (S.constant_of z))) (S.jline (E.compile h) a z).
Proof.
  intros HG [K [HK P]]. set (D := E.unit_of (E.compile h)). exists (Rabs (real D a) * K). split; [apply Rmult_le_pos; auto; apply Rabs_pos|].
  apply (ev_mono origin ev HE _ _) with (2 := P). intros y A. unfold S.jline, jet_at. cbn [S.constant_of S.linear S.square]. rewrite lin_vscale, quad_fscale, Q2R_make.
  assert (V : Q2R (C.value_at (E.compile h) (S.constant_of z)) = act (act_R h) (Q2R (S.constant_of z))).
  { unfold C.value_at. fold D. rewrite Q2R_make. pose proof (value_on_R h (Qnum (S.constant_of z)) (Qden (S.constant_of z)) HG) as V. fold D in V. rewrite V. destruct (S.constant_of z); now rewrite Q2R_make. }
  rewrite V. fold D. unfold jet_at in A. set (v := act _ _).
  replace (v + real D a * (f y - Q2R (S.constant_of z)) - (v + real D a * lin (S.linear z) y + real D a * quad (S.square z) y))
    with (real D a * (f y - (Q2R (S.constant_of z) + lin (S.linear z) y + quad (S.square z) y))) by lra.
  rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; auto. apply Rabs_pos.
Qed.

(* A reading: close to its polynomial, and constant near 0 if it says so. *)
Definition reads (f : list R -> R) (r : S.jreading) : Prop :=
  close f (fst r) /\ (snd r = true -> ev (fun y => f y = Q2R (S.constant_of (fst r)))).
(* On the side of the wall that the sign says. *)
Definition on_side (tau : bool) (c v : R) : Prop := if tau then c <= v else v <= c.

Lemma jactivate_sound h sign still i l j z r w f : good_activation h -> close f z ->
  (still = true -> ev (fun y => f y = Q2R (S.constant_of z))) ->
  S.jactivate (E.compile h) sign still i l (j, z) = Some (r, w) ->
  (forall t, w = Some t -> ev (fun y => on_side (S.wall_sign t) (Q2R (S.constant_of z)) (f y))) ->
  reads (fun y => act (act_R h) (f y)) r.
Proof.
  intros HG Hf HS H HW. unfold S.jactivate in H.
  assert (EC : Q2R (S.constant_of z) = real (Qden (S.constant_of z)) (Qnum (S.constant_of z))) by (destruct (S.constant_of z); apply Q2R_make).
  destruct (compile_sound h (Qnum (S.constant_of z)) (Qden (S.constant_of z)) HG) as [[eta [He P]] _]. rewrite <- EC in P.
  set (p := E.place_of _ _ _) in *. set (D := E.unit_of (E.compile h)) in *. set (aL := fst (E.left_line p)) in *. set (aR := fst (E.right_line p)) in *.
  assert (V : Q2R (C.value_at (E.compile h) (S.constant_of z)) = act (act_R h) (Q2R (S.constant_of z))).
  { unfold C.value_at. fold D. rewrite Q2R_make. pose proof (value_on_R h (Qnum (S.constant_of z)) (Qden (S.constant_of z)) HG) as V. fold D in V. rewrite V. now rewrite EC. }
  destruct still.
  - inversion H; subst. specialize (HS eq_refl). assert (K : ev (fun y => act (act_R h) (f y) = Q2R (C.value_at (E.compile h) (S.constant_of z)))).
    { apply (ev_mono origin ev HE _ _) with (2 := HS). intros y ->. now rewrite V. }
    split; cbn [fst snd S.constant_of]; auto. apply close_exact. apply (ev_mono origin ev HE _ _) with (2 := K). intros y ->. now rewrite jet_const.
  - pose proof (close_tends f z Hf eta He) as T. destruct (Z.eqb_spec aL aR) as [EA|NA].
    + inversion H; subst. split; cbn [fst snd].
      * apply (close_ext (fun y => act (act_R h) (Q2R (S.constant_of z)) + real D aR * (f y - Q2R (S.constant_of z)))); [|now apply close_line].
        apply (ev_mono origin ev HE _ _) with (2 := T). intros y A. pose proof (P _ A) as Q. replace (Q2R (S.constant_of z) + (f y - Q2R (S.constant_of z))) with (f y) in Q by lra. rewrite Q, EA. lra.
      * intros F. apply Z.eqb_eq in F. apply (ev_mono origin ev HE _ _) with (2 := T). intros y A. pose proof (P _ A) as Q. replace (Q2R (S.constant_of z) + (f y - Q2R (S.constant_of z))) with (f y) in Q by lra.
        unfold S.jline. cbn [S.constant_of]. rewrite Q, V, EA, F, real_0. lra.
    + destruct (sign _) as [tau|]; [|discriminate]. inversion H; subst. specialize (HW _ eq_refl). cbn [S.wall_sign] in HW. split; cbn [fst snd]; [|discriminate].
      apply (close_ext (fun y => act (act_R h) (Q2R (S.constant_of z)) + real D (if tau then aR else aL) * (f y - Q2R (S.constant_of z)))); [|now apply close_line].
      apply (ev_and2 _ _ _ T HW). intros y A B. pose proof (P _ A) as Q. replace (Q2R (S.constant_of z) + (f y - Q2R (S.constant_of z))) with (f y) in Q by lra. rewrite Q. unfold on_side in B.
      destruct tau; [rewrite Rabs_right by lra|rewrite Rabs_left1 by lra]; lra.
Qed.

(* ---- Layers ---- *)
Definition layer_at (l : S.jlayer) (y : list R) : layer := Layer (map (map (fun J => jet_at J y)) (S.jweights l)) (option_map (map (fun J => jet_at J y)) (S.jbias l)).
Definition layers_at (ls : list S.jlayer) (y : list R) : list layer := map (fun l => layer_at l y) ls.
Definition jbiased (l : S.jlayer) : Prop := match S.jbias l with None => True | Some b => length b = length (S.jweights l) end.

(* Vectors of functions. *)
Definition at_all (fs : list (list R -> R)) (y : list R) : list R := map (fun f => f y) fs.

Lemma close_dot w : forall fs rs acc g, Forall2 reads fs rs -> close g acc ->
  close (fun y => g y + dot (map (fun J => jet_at J y) w) (at_all fs y)) (fold S.jadd acc (zip (fun a (r : S.jreading) => S.jmul a (fst r)) w rs)).
Proof.
  induction w as [|J w IH]; intros fs rs acc g H Hg; simpl. { apply (close_all g); auto. intros; lra. }
  inversion H as [|f r fs' rs' H1 H2]; subst; simpl. { apply (close_all g); auto. intros; lra. }
  apply (close_all (fun y => (g y + jet_at J y * f y) + dot (map (fun J => jet_at J y) w) (at_all fs' y))); [intros; lra|]. apply IH; auto.
  apply close_add; auto. apply close_mul; [apply close_exact, ev_true; auto|apply H1].
Qed.

Lemma close_affine l fs rs : jbiased l -> Forall2 reads fs rs -> exists gs, (forall y, affine (layer_at l y) (at_all fs y) = at_all gs y) /\ Forall2 close gs (S.jaffine l rs).
Proof.
  intros HB H. unfold S.jaffine, affine. cbn [layer_at weights bias]. rewrite !tmap_map.
  assert (G : forall w, close (fun y => dot (map (fun J => jet_at J y) w) (at_all fs y)) (S.jdot w rs)).
  { intros w. unfold S.jdot. rewrite tzip_zip. apply (close_all (fun y => Q2R (0 # 1) + dot (map (fun J => jet_at J y) w) (at_all fs y))); [intros; rewrite Q2R_zero; lra|]. apply close_dot; auto. apply close_const. }
  unfold jbiased in HB. destruct (S.jbias l) as [b|]; cbn [option_map].
  - rewrite tzip_zip. revert b HB. induction (S.jweights l) as [|w W IH]; intros [|c b] HB; simpl in HB; try discriminate.
    + exists []. split; [reflexivity|constructor].
    + destruct (IH b ltac:(lia)) as [gs [E F]]. exists ((fun y => dot (map (fun J => jet_at J y) w) (at_all fs y) + jet_at c y) :: gs). split.
      * intros y. cbn [map add_bias at_all]. f_equal. apply E. * cbn [map zip]. constructor; auto. apply close_add; auto. apply close_exact, ev_true. auto.
  - exists (map (fun w y => dot (map (fun J => jet_at J y) w) (at_all fs y)) (S.jweights l)). split.
    + intros y. unfold at_all. now rewrite !map_map. + clear HB. induction (S.jweights l); simpl; constructor; auto.
Qed.

(* A layer without bias that reads zeros, here and nearby, stays at 0. *)
Lemma still_layer l fs rs : Forall2 reads fs rs -> S.is_still_layer l rs = true -> ev (fun y => Forall (fun z => z = 0) (affine (layer_at l y) (at_all fs y))).
Proof.
  unfold S.is_still_layer. intros H HS. destruct (S.jbias l) eqn:EB; [discriminate|].
  assert (Z : ev (fun y => Forall (fun x => x = 0) (at_all fs y))).
  { clear EB. induction H as [|f r fs rs H1 _ IH]; [apply ev_true; intros; constructor|]. simpl in HS. apply both in HS as [A B]. apply both in A as [A0 A1]. apply Z.eqb_eq in A1.
    destruct H1 as [_ H1]. specialize (H1 A0). apply (ev_and2 _ _ _ H1 (IH B)). intros y X Y. constructor; auto. now rewrite X, (Qnum_0 _ A1). }
  apply (ev_mono origin ev HE _ _) with (2 := Z). intros y Hy. unfold affine. cbn [layer_at bias weights]. rewrite EB. cbn [option_map]. apply Forall_forall. intros z Hz. apply in_map_iff in Hz. destruct Hz as [w [<- _]].
  clear - Hy. revert w. induction Hy as [|x xs Hx _ IH]; intros [|a w]; simpl; auto. rewrite Hx, IH. lra.
Qed.

(* ---- Samples ---- *)
(* The pre-activations of layer l (from 1) on the input x. *)
Fixpoint pre (h : activation) (ls : list layer) (l : nat) (x : list R) : list R :=
  match ls, l with
  | lay :: rest, Datatypes.S O => affine lay x
  | lay :: rest, Datatypes.S l' => pre h rest l' (map (act h) (affine lay x))
  | _, _ => []
  end.

Lemma close_origin f J : close f J -> f origin = Q2R (S.constant_of J).
Proof.
  intros [K [HK P]]. apply (ev_origin origin ev HE) in P. unfold order in P. pose proof (origin_norm origin ev HE) as N. rewrite N in P.
  destruct (lin_bound (S.linear J)) as [L [HL PL]]. destruct (quad_bound (S.square J)) as [M [HM PM]]. specialize (PL origin). specialize (PM origin). rewrite N in PL, PM.
  unfold jet_at in P. unfold Rabs in P, PL, PM. repeat destruct Rcase_abs; lra.
Qed.

(* A wall found in layer l, whose pre-activations are `z j`. *)
Definition is_wall (i l : Z) (z : nat -> list R -> R) (w : S.wall) : Prop :=
  exists j : nat, S.wall_layer w = l /\ S.wall_name w = S.boundary_name l (Z.of_nat j) i /\ close (z j) (S.wall_jet w).
Definition obeyed (i l : Z) (z : nat -> list R -> R) (w : S.wall) : Prop :=
  forall j : nat, S.wall_name w = S.boundary_name l (Z.of_nat j) i -> ev (fun y => on_side (S.wall_sign w) (z j origin) (z j y)).

Lemma activations h sign still i l z : good_activation h -> forall gs zs us j, Forall2 close gs zs ->
  (still = true -> ev (fun y => Forall (fun v => v = 0) (at_all gs y))) ->
  Forall2 (fun a u => S.jactivate (E.compile h) sign still i l a = Some u) (zip pair (Indices.count_up (Z.of_nat j) zs) zs) us ->
  (forall k y, (k < length gs)%nat -> z (j + k)%nat y = nth k (at_all gs y) 0) -> (forall u w, In u us -> snd u = Some w -> obeyed i l z w) ->
  Forall2 reads (map (fun g y => act (act_R h) (g y)) gs) (map fst us) /\ forall u w, In u us -> snd u = Some w -> is_wall i l z w.
Proof.
  intros HG. induction gs as [|g gs IH]; intros zs us j HC HS HU HZ HO; inversion HC as [|? c ? cs C1 C2]; subst; cbn [Indices.count_up zip] in HU; inversion HU as [|? u ? us' U1 U2]; subst.
  - split; [constructor|]. intros ? ? [].
  - assert (Z0 : forall y, z j y = g y). { intros y. specialize (HZ 0%nat y ltac:(simpl; lia)). rewrite Nat.add_0_r in HZ. exact HZ. }
    destruct (IH cs us' (Datatypes.S j) C2) as [A B].
    { intros S1. apply (ev_mono origin ev HE _ _) with (2 := HS S1). intros y F. now inversion F. }
    { now replace (Z.of_nat (Datatypes.S j)) with (Z.of_nat j + 1)%Z by lia. }
    { intros k y Hk. replace (Datatypes.S j + k)%nat with (j + Datatypes.S k)%nat by lia. apply (HZ (Datatypes.S k) y). simpl. lia. }
    { intros v w Hv. apply HO. now right. }
    assert (HJ : forall w, snd u = Some w -> S.wall_name w = S.boundary_name l (Z.of_nat j) i /\ S.wall_layer w = l /\ S.wall_jet w = c).
    { intros w Ew. unfold S.jactivate in U1. destruct still; [inversion U1; subst; discriminate|]. destruct (_ =? _)%Z; [inversion U1; subst; discriminate|].
      destruct (sign _); [|discriminate]. inversion U1; subst. inversion Ew; subst. auto. }
    split.
    + cbn [map]. constructor; auto. destruct u as [r w]. apply (jactivate_sound h sign still i l (Z.of_nat j) c r w g HG C1); auto.
      * intros S1. apply (ev_mono origin ev HE _ _) with (2 := HS S1). intros y F. rewrite <- (close_origin _ _ C1).
        pose proof (ev_origin origin ev HE _ (HS S1)) as F0. inversion F; subst. inversion F0; subst. congruence.
      * intros t Et. destruct (HJ t Et) as [N _]. pose proof (HO _ t (or_introl eq_refl) Et j N) as O. apply (ev_mono origin ev HE _ _) with (2 := O). intros y Oy. rewrite !Z0 in Oy. now rewrite <- (close_origin _ _ C1).
    + intros v w [<-|Hv] Ew; [|now apply (B v w)]. destruct (HJ w Ew) as [N [NL NJ]]. exists j. rewrite NJ. repeat split; auto. apply (close_all g); auto.
Qed.

Lemma add_walls us : forall ws w, In w (fold S.add_wall ws us) <-> In w ws \/ exists u, In u us /\ snd u = Some w.
Proof.
  induction us as [|u us IH]; intros ws w; simpl; [split; [auto|intros [H|[? [[] _]]]; auto]|]. rewrite IH. unfold S.add_wall. destruct (snd u) as [t|] eqn:E; simpl; split.
  - intros [[->|H]|[v [H1 H2]]]; eauto. - intros [H|[v [[->|H1] H2]]]; auto. { left. left. congruence. } right. eauto.
  - intros [H|[v [H1 H2]]]; eauto. - intros [H|[v [[->|H1] H2]]]; auto. { congruence. } right. eauto.
Qed.

(* What walls are called, what their signs are, and that the pre-activations of the first layer are those of `jaffine`. *)
Lemma expand_walls h sign i : forall ls l rs ws walls outs, S.expand h sign i l ls rs ws = Some (walls, outs) -> forall w, In w walls ->
  In w ws \/ (sign (S.wall_name w) = Some (S.wall_sign w) /\ ((l < S.wall_layer w)%Z \/ (S.wall_layer w = l /\ exists lay rest j, ls = lay :: rest
     /\ D.pick (Z.of_nat j) (S.jaffine lay rs) = Some (S.wall_jet w) /\ S.wall_name w = S.boundary_name l (Z.of_nat j) i))).
Proof.
  induction ls as [|lay ls IH]; intros l rs ws walls outs H w Hw; cbn [S.expand] in H; [discriminate|]. destruct ls as [|lay2 ls]; [inversion H; subst; auto|].
  set (zs := S.jaffine lay rs) in *. destruct (collect _ _) as [us|] eqn:EC; [|discriminate]. destruct (IH _ _ _ _ _ H w Hw) as [Hin|[A B]].
  - apply add_walls in Hin. destruct Hin as [Hin|[u [Hu Eu]]]; auto. right. apply collect_Forall2 in EC. rewrite tzip_zip, Indices.indices_count in EC.
    assert (exists a, In a (zip pair (Indices.count_up 0 zs) zs) /\ S.jactivate h sign (S.is_still_layer lay rs) i l a = Some u) as [[j z] [Ha Hj]].
    { clear - EC Hu. induction EC as [|a v l1 l2 H1 _ IH]; [destruct Hu|]. destruct Hu as [->|Hu]; [exists a; simpl; auto|]. destruct (IH Hu) as [b [? ?]]. exists b. simpl; auto. }
    apply Indices.count_up_pick in Ha. destruct Ha as [P R]. rewrite Z.sub_0_r in P.
    unfold S.jactivate in Hj. destruct (S.is_still_layer lay rs); [inversion Hj; subst; discriminate|]. destruct (_ =? _)%Z; [inversion Hj; subst; discriminate|].
    destruct (sign _) as [tau|] eqn:ES; [|discriminate]. inversion Hj; subst. cbn [snd] in Eu. inversion Eu; subst. cbn [S.wall_name S.wall_sign S.wall_layer S.wall_jet]. split; auto. right. split; auto.
    exists lay, (lay2 :: ls), (Z.to_nat j). rewrite Z2Nat.id by lia. auto.
  - right. split; auto. left. destruct B as [B|[B _]]; lia.
Qed.

Lemma expand_keeps h sign i : forall ls l rs ws walls outs, S.expand h sign i l ls rs ws = Some (walls, outs) -> forall w, In w ws -> In w walls.
Proof.
  induction ls as [|lay ls IH]; intros l rs ws walls outs H w Hw; cbn [S.expand] in H; [discriminate|]. destruct ls as [|lay2 ls]; [inversion H; subst; auto|].
  destruct (collect _ _) as [us|]; [|discriminate]. apply (IH _ _ _ _ _ H). apply add_walls. now left.
Qed.

(* The predictions are close to the polynomials, if all walls that were met hold the parameters on their side. *)
Theorem expand_sound h sign i : good_activation h -> forall ls fs rs l ws walls outs (z : nat -> nat -> list R -> R), Forall jbiased ls -> Forall2 reads fs rs ->
  S.expand (E.compile h) sign i l ls rs ws = Some (walls, outs) ->
  (forall k j y, z k j y = nth j (pre (act_R h) (layers_at ls y) (Datatypes.S k) (at_all fs y)) 0) ->
  (forall w k, In w walls -> obeyed i (l + Z.of_nat k) (z k) w) ->
  (exists gs, (forall y, predict (act_R h) (layers_at ls y) (at_all fs y) = at_all gs y) /\ Forall2 close gs outs)
  /\ forall w, In w walls -> In w ws \/ exists k, is_wall i (l + Z.of_nat k) (z k) w.
Proof.
  intros HG. induction ls as [|lay ls IH]; intros fs rs l ws walls outs z HB HR H HZ HO; cbn [S.expand] in H; [discriminate|]. inversion HB as [|? ? B1 B2]; subst.
  destruct (close_affine lay fs rs B1 HR) as [gs [EG CG]]. destruct ls as [|lay2 ls].
  - inversion H; subst. split; [|auto]. exists gs. split; auto.
  - set (zs := S.jaffine lay rs) in *. destruct (collect _ _) as [us|] eqn:EC; [|discriminate]. apply collect_Forall2 in EC. rewrite tzip_zip, Indices.indices_count in EC. rewrite tmap_map in H.
    assert (Z0 : forall k y, z 0%nat k y = nth k (at_all gs y) 0) by (intros k y; rewrite HZ; cbn [layers_at map pre]; now rewrite EG).
    assert (WL : forall w, In w (fold S.add_wall ws us) -> In w walls) by (intros w; apply (expand_keeps _ _ _ _ _ _ _ _ _ H)).
    destruct (activations h sign (S.is_still_layer lay rs) i l (z 0%nat) HG gs zs us 0%nat CG) as [A W]; auto.
    + intros S1. pose proof (still_layer lay fs rs HR S1) as S2. apply (ev_mono origin ev HE _ _) with (2 := S2). intros y. now rewrite EG.
    + intros u w Hu Ew. specialize (HO w 0%nat). cbn [Z.of_nat] in HO. rewrite Z.add_0_r in HO. apply HO. apply WL. apply add_walls. eauto.
    + destruct (IH (map (fun g y => act (act_R h) (g y)) gs) (map fst us) (l + 1)%Z _ walls outs (fun k => z (Datatypes.S k)) B2 A H) as [P Q].
      * intros k j y. rewrite HZ. cbn [layers_at map pre]. rewrite EG. unfold at_all. now rewrite !map_map.
      * intros w k Hw. replace (l + 1 + Z.of_nat k)%Z with (l + Z.of_nat (Datatypes.S k))%Z by lia. now apply HO.
      * split.
        -- destruct P as [os [P1 P2]]. exists os. split; auto. intros y. rewrite <- P1. cbn [layers_at map predict]. rewrite EG. unfold at_all. now rewrite !map_map.
        -- intros w Hw. destruct (Q w Hw) as [Hin|[k Hk]].
           ++ apply add_walls in Hin. destruct Hin as [Hin|[u [Hu Eu]]]; auto. right. exists 0%nat. cbn [Z.of_nat]. rewrite Z.add_0_r. eauto.
           ++ right. exists (Datatypes.S k). replace (l + Z.of_nat (Datatypes.S k))%Z with (l + 1 + Z.of_nat k)%Z by lia. exact Hk.
Qed.

(* Constant inputs: the polynomials of the first layer are its values. *)
Lemma exact_affine l x y : jbiased l -> map (fun J => jet_at J y) (S.jaffine l (S.jinputs x)) = affine (layer_at l y) (reals x).
Proof.
  assert (G : forall w x acc, jet_at (fold S.jadd acc (zip (fun a (r : S.jreading) => S.jmul a (fst r)) w (map (fun q => (S.jconstant q, true)) x))) y
    = jet_at acc y + dot (map (fun J => jet_at J y) w) (reals x)).
  { clear. induction w as [|J w IH]; intros [|q x] acc; simpl; try lra. rewrite IH, jet_add, jet_mul_constant. unfold reals. lra. }
  assert (G2 : forall w, jet_at (S.jdot w (S.jinputs x)) y = dot (map (fun J => jet_at J y) w) (reals x)).
  { intros w. unfold S.jdot, S.jinputs. rewrite tzip_zip, tmap_map, G, jet_const, Q2R_zero. lra. }
  intros HB. unfold jbiased in HB. unfold S.jaffine, affine. cbn [layer_at weights bias]. rewrite tmap_map, map_map. destruct (S.jbias l) as [b|]; cbn [option_map].
  - rewrite tzip_zip. revert b HB. induction (S.jweights l) as [|w W IH]; intros [|c b] HB; simpl in HB; try discriminate; auto.
    cbn [map zip add_bias]. rewrite jet_add, G2. f_equal. apply IH. lia.
  - rewrite map_map. apply map_ext. exact G2.
Qed.

Lemma reads_inputs x : Forall2 reads (map (fun q _ => Q2R q) x) (S.jinputs x) /\ forall y, at_all (map (fun q _ => Q2R q) x) y = reals x.
Proof.
  unfold S.jinputs. rewrite tmap_map. split; [|intros y; unfold at_all, reals; now rewrite map_map].
  induction x as [|q x IH]; simpl; constructor; auto. split; cbn [fst snd S.constant_of S.jconstant]; [apply close_const|]. intros _. now apply ev_true.
Qed.
End Nearby.
