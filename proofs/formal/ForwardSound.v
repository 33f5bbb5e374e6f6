(* The forward pass of the checker is that of the network. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Numbers NumbersSound.
From Exactsurf Require Evaluate.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.

Definition pair_R (p : Q * Q) : R * R := (Q2R (fst p), Q2R (snd p)).
Definition act_R (h : E.activation) : activation := Activation (Q2R (E.first_slope h)) (Q2R (E.value_at_0 h)) (map pair_R (E.bends h)).
Definition layer_R (l : E.layer) : layer := Layer (map reals (E.weights l)) (option_map reals (E.bias l)).
Definition parameters_R : list E.layer -> list layer := map layer_R.

#[export] Hint Rewrite qadd_R qmul_R qopp_R Q2R_0 Q2R_1 : q.
Ltac toR := autorewrite with q.

(* ---- The activation as lines ---- *)

(* The sum of all bends, without their values at 0. *)
Fixpoint bent_at (before : R) (ks : list (R * R)) (z : R) : R :=
  match ks with [] => 0 | (t, after) :: rest => (after - before) * positive_part (z - t) + bent_at after rest z end.
Definition broken (a c : R) (ks : list (R * R)) (z : R) : R := a * z + c + bent_at a ks z.

Lemma bent_bent_at ks : forall a z, bent a ks z = bent_at a ks z - bent_at a ks 0.
Proof. induction ks as [|[t b] ks IH]; intros; simpl; [lra|]. rewrite IH. lra. Qed.

Fixpoint rising (ks : list (R * R)) : Prop :=
  match ks with [] => True | (t, _) :: rest => match rest with [] => True | (t', _) :: _ => t < t' end /\ rising rest end.

Lemma bent_at_before ks : rising ks -> forall a z, match ks with [] => True | (t, _) :: _ => z <= t end -> bent_at a ks z = 0.
Proof.
  induction ks as [|[t b] ks IH]; intros H a z Hz; simpl in *; auto. destruct H as [H1 H2].
  rewrite IH; auto.
  - unfold positive_part, Rmax. destruct (Rle_dec 0 (z - t)); [|lra]. replace (z - t) with 0 by lra. lra.
  - destruct ks as [|[t' b'] ks]; auto. lra.
Qed.

(* Near z the function f has the slopes aL on the left and aR on the right. *)
Definition has_slopes (f : R -> R) (z aL aR : R) : Prop :=
  exists eta, 0 < eta /\ forall e, Rabs e < eta -> f (z + e) = f z + (aL + aR) / 2 * e + (aR - aL) / 2 * Rabs e.

Definition has_place (D : positive) (f : R -> R) (z : R) (p : E.place) : Prop :=
  has_slopes f z (real D (fst (E.left_line p))) (real D (fst (E.right_line p)))
  /\ f z = real D (fst (E.right_line p)) * z + real D (snd (E.right_line p)).

Fixpoint compiled (D : positive) (a c : R) (ks : list (Q * Q)) (lines : list (Q * E.line)) : Prop :=
  match ks, lines with
  | [], [] => True
  | (t, b) :: ks', (t', ln) :: lines' =>
      t' = t /\ real D (fst ln) = Q2R b /\ real D (snd ln) = c + (a - Q2R b) * Q2R t
      /\ compiled D (real D (fst ln)) (real D (snd ln)) ks' lines'
  | _, _ => False
  end.

Lemma Rabs_small e eta : Rabs e < eta -> - eta < e < eta.
Proof. intros H. split; [|]; unfold Rabs in H; destruct (Rcase_abs e); lra. Qed.

Lemma locate_sound D ks : forall lines ln z d, compiled D (real D (fst ln)) (real D (snd ln)) ks lines -> rising (map pair_R ks) ->
  has_place D (broken (real D (fst ln)) (real D (snd ln)) (map pair_R ks)) (real d z) (E.locate ln lines z d).
Proof.
  induction ks as [|[t b] ks IH]; intros lines ln z d HC HR.
  - destruct lines; [|destruct HC]. split; simpl.
    + exists 1. split; [lra|]. intros e _. unfold broken. simpl. lra.
    + unfold broken. simpl. lra.
  - destruct lines as [|[t' ln'] lines]; [destruct HC|]. destruct HC as [-> [Ha [Hc HC]]].
    set (a := real D (fst ln)) in *. set (c := real D (snd ln)) in *. set (x := real d z).
    pose proof HR as [HR1 HR2]. cbn [E.locate].
    assert (CMP : real d z = Q2R t <-> (z * Zpos (Qden t) = Qnum t * Zpos d)%Z).
    { destruct t as [n m]. rewrite Q2R_make. simpl. apply equal_real. }
    assert (CLT : real d z < Q2R t <-> (z * Zpos (Qden t) < Qnum t * Zpos d)%Z).
    { destruct t as [n m]. rewrite Q2R_make. simpl. apply compare_real. }
    destruct (Z.ltb_spec (z * Zpos (Qden t)) (Qnum t * Zpos d)) as [L|L]; [|destruct (Z.eqb_spec (z * Zpos (Qden t)) (Qnum t * Zpos d)) as [L2|L2]].
    + apply CLT in L. fold x in L.
      assert (Z : forall y, y <= Q2R t -> bent_at a (map pair_R ((t, b) :: ks)) y = 0).
      { intros y Hy. apply bent_at_before; auto. }
      split; cbn [E.left_line E.right_line].
      * exists (Q2R t - x). split; [lra|]. intros e He. apply Rabs_small in He. unfold broken. fold a c. rewrite !Z by lra. lra.
      * unfold broken. fold a c. rewrite Z by lra. lra.
    + apply CMP in L2. fold x in L2.
      assert (Z : bent_at a (map pair_R ((t, b) :: ks)) x = 0). { apply bent_at_before; auto. simpl. lra. }
      split; cbn [E.left_line E.right_line].
      * set (eta := match map pair_R ks with [] => 1 | (t2, _) :: _ => t2 - Q2R t end).
        assert (He0 : 0 < eta). { unfold eta. destruct (map pair_R ks) as [|[t2 b2] r]; simpl in *; lra. }
        exists eta. split; auto. intros e He. apply Rabs_small in He. unfold broken. fold a c. rewrite Z.
        cbn [map pair_R fst snd bent_at].
        assert (Z2 : bent_at (Q2R b) (map pair_R ks) (x + e) = 0).
        { apply bent_at_before; auto. unfold eta in He. destruct (map pair_R ks) as [|[t2 b2] r]; auto. lra. }
        rewrite Z2, Ha. unfold positive_part, Rmax, Rabs. replace (x + e - Q2R t) with e by lra.
        destruct (Rle_dec 0 e), (Rcase_abs e); lra.
      * unfold broken. fold a c. rewrite Z, Ha, Hc, <- L2. lra.
    + assert (Gt : Q2R t < x). { destruct (Rtotal_order (Q2R t) x) as [G|[G|G]]; auto. - apply eq_sym, CMP in G. lia. - apply CLT in G. lia. }
      specialize (IH lines ln' z d HC HR2). fold x in IH. destruct IH as [[e1 [H1 P1]] V].
      assert (G : forall y, Q2R t <= y -> broken a c (map pair_R ((t, b) :: ks)) y = broken (real D (fst ln')) (real D (snd ln')) (map pair_R ks) y).
      { intros y Hy. unfold broken. cbn [map pair_R fst snd bent_at]. rewrite Ha, Hc. unfold positive_part. rewrite Rmax_right by lra. lra. }
      split.
      * exists (Rmin e1 (x - Q2R t)). split; [mins; lra|]. intros e He.
        assert (A : Rabs e < e1) by (eapply Rlt_le_trans; [exact He|apply Rmin_l]).
        assert (B : Rabs e < x - Q2R t) by (eapply Rlt_le_trans; [exact He|apply Rmin_r]). apply Rabs_small in B.
        rewrite !G by lra. now apply P1.
      * rewrite G by lra. exact V.
Qed.

(* ---- Compilation ---- *)
Fixpoint chain (a c : Q) (ks : list (Q * Q)) : list (Q * (Q * Q)) :=
  match ks with [] => [] | (t, b) :: rest => let c' := qadd c (qmul (qadd a (qopp b)) t) in (t, (b, c')) :: chain b c' rest end.

Lemma next_lines_chain h : rev_onto (E.next_lines h) [] = chain (E.first_slope h) (E.first_intercept h) (E.bends h).
Proof.
  unfold E.next_lines. rewrite rev_onto_spec, app_nil_r.
  set (step := fun st ta => _).
  assert (G : forall ks a c found, snd (fold step ((a, c), found) ks) = rev (chain a c ks) ++ found).
  { induction ks as [|[t b] ks IH]; intros a c found; [reflexivity|]. cbn [fold]. unfold step at 2. cbn [fst snd]. rewrite IH. simpl. now rewrite <- app_assoc. }
  rewrite G, app_nil_r. apply rev_involutive.
Qed.

Lemma first_intercept_R h : Q2R (E.first_intercept h) = Q2R (E.value_at_0 h) - bent_at (Q2R (E.first_slope h)) (map pair_R (E.bends h)) 0.
Proof.
  unfold E.first_intercept. generalize (E.value_at_0 h) as v, (E.first_slope h) as a. induction (E.bends h) as [|[t b] ks IH]; intros v a; simpl; [lra|].
  rewrite IH. destruct (qltb t 0) eqn:L.
  - apply qltb_R in L. rewrite Q2R_0 in L. toR. unfold positive_part. rewrite Rmax_right by lra. lra.
  - apply qltb_false in L. rewrite Q2R_0 in L. unfold positive_part. destruct (Req_dec (Q2R t) 0) as [E|E].
    + rewrite E. replace (0 - 0) with 0 by lra. rewrite Rmax_left by lra. lra.
    + rewrite Rmax_left by lra. lra.
Qed.

Lemma compiled_chain D ks : forall a c, (forall k, In k (chain a c ks) -> (Zpos (Qden (fst (snd k))) | Zpos D)%Z /\ (Zpos (Qden (snd (snd k))) | Zpos D)%Z) ->
  compiled D (Q2R a) (Q2R c) ks (map (fun k => (fst k, (over D (fst (snd k)), over D (snd (snd k))))) (chain a c ks)).
Proof.
  induction ks as [|[t b] ks IH]; intros a c H; [exact I|]. cbn [chain] in *. cbv zeta in *.
  set (c' := qadd c (qmul (qadd a (qopp b)) t)) in *. destruct (H _ (or_introl eq_refl)) as [H1 H2]. cbn [fst snd] in H1, H2.
  cbn [map fst snd compiled]. rewrite (over_R D b H1), (over_R D c' H2). split; auto. split; auto. split. { unfold c'. toR. lra. }
  apply IH. intros k Hk. apply H. now right.
Qed.

Theorem compile_sound h z d : rising (map pair_R (E.bends h)) ->
  has_place (E.unit_of (E.compile h)) (act (act_R h)) (real d z) (E.place_of (E.compile h) z d).
Proof.
  intros HR. unfold E.place_of, E.compile. rewrite next_lines_chain. cbn [E.unit_of E.first_line E.more_lines].
  set (ch := chain _ _ _). set (D := fold _ _ _). rewrite tmap_map.
  assert (DM : forall d0 : positive, forall k : Q * (Q * Q), (Zpos d0 | Zpos (common (common d0 (Qden (fst (snd k)))) (Qden (snd (snd k)))))%Z).
  { intros. eapply Z.divide_trans; apply common_l. }
  assert (HD : forall k, In k ch -> (Zpos (Qden (fst (snd k))) | Zpos D)%Z /\ (Zpos (Qden (snd (snd k))) | Zpos D)%Z).
  { apply (fold_takes (fun d k => common (common d (Qden (fst (snd k)))) (Qden (snd (snd k))))
             (fun k d => (Zpos (Qden (fst (snd k))) | Zpos d)%Z /\ (Zpos (Qden (snd (snd k))) | Zpos d)%Z)); auto.
    - intros. split; [eapply Z.divide_trans; [apply common_r|apply common_l]|apply common_r].
    - intros a d0 e H [A B]. split; eapply Z.divide_trans; eauto. }
  assert (H0 : (Zpos (common (common 1 (Qden (E.first_slope h))) (Qden (E.first_intercept h))) | Zpos D)%Z) by (apply fold_divides; auto).
  assert (HA : real D (over D (E.first_slope h)) = Q2R (E.first_slope h)).
  { apply over_R. eapply Z.divide_trans; [|exact H0]. eapply Z.divide_trans; [apply common_r|apply common_l]. }
  assert (HC : real D (over D (E.first_intercept h)) = Q2R (E.first_intercept h)).
  { apply over_R. eapply Z.divide_trans; [|exact H0]. apply common_r. }
  assert (EQ : forall y, act (act_R h) y = broken (Q2R (E.first_slope h)) (Q2R (E.first_intercept h)) (map pair_R (E.bends h)) y).
  { intros y. unfold act, broken. simpl. rewrite bent_bent_at, first_intercept_R. lra. }
  pose proof (locate_sound D (E.bends h) (map (fun k => (fst k, (over D (fst (snd k)), over D (snd (snd k))))) ch)
    (over D (E.first_slope h), over D (E.first_intercept h)) z d) as L.
  cbn [fst snd] in L. rewrite HA, HC in L.
  destruct (L (compiled_chain D _ _ _ HD) HR) as [[eta [He P]] V]. split.
  - exists eta. split; auto. intros e Hl. rewrite !EQ. now apply P.
  - now rewrite EQ.
Qed.

(* ---- Units and layers ---- *)
Lemma zdot_real D c fs row : real D (zdot c fs row) = real D c + dot (map (real D) fs) (map IZR row).
Proof.
  unfold real. rewrite zdot_R. unfold Rdiv. rewrite Rmult_plus_distr_r. f_equal.
  replace (map (fun n => IZR n * / IZR (Zpos D)) fs) with (map (Rmult (/ IZR (Zpos D))) (map IZR fs)).
  - rewrite dot_scal. lra.
  - rewrite map_map. apply map_ext. intros. lra.
Qed.

Lemma make_unit_R ds w b row :
  real (E.denominator (E.make_unit ds w b)) (zdot (E.constant (E.make_unit ds w b)) (E.factors (E.make_unit ds w b)) row) = dot (reals w) (row_reals ds row) + Q2R b.
Proof.
  unfold E.make_unit. simpl. rewrite tzip_zip. set (ws := zip _ w ds). set (D := common_of (Qden b) ws).
  rewrite zdot_real, tmap_map, map_map, over_R by apply common_of_l. rewrite dot_row. fold ws.
  replace (map (fun x => real D (over D x)) ws) with (map Q2R ws).
  - replace (zip (fun (q : Q) (d : positive) => Q2R (Qmake (Qnum q) (Qden q * d))) w ds) with (map Q2R ws).
    + lra.
    + unfold ws. clear. revert ds. induction w; intros [|d ds]; simpl; auto. f_equal. auto.
  - apply map_ext_in. intros q Hq. symmetry. apply over_R. now apply common_of_in.
Qed.

Definition biased (l : E.layer) : Prop := match E.bias l with None => True | Some b => length b = length (E.weights l) end.

Lemma make_units_R ds l row : biased l ->
  row_reals (map E.denominator (E.make_units ds l)) (E.read_row (E.make_units ds l) row) = affine (layer_R l) (row_reals ds row).
Proof.
  intros Hb. unfold E.read_row. rewrite tmap_map.
  assert (G : forall us, row_reals (map E.denominator us) (map (fun u => zdot (E.constant u) (E.factors u) row) us)
     = map (fun u => real (E.denominator u) (zdot (E.constant u) (E.factors u) row)) us).
  { intros us. unfold row_reals. exact (zip_map (fun n d => real d n) _ _ us). }
  rewrite G. unfold E.make_units, affine, biased in *. simpl. destruct (E.bias l) as [b|].
  - rewrite tzip_zip. cbn [option_map bias layer_R weights]. revert b Hb. induction (E.weights l) as [|w W IH]; intros [|c b] Hb; try discriminate Hb; auto.
    unfold reals in *. cbn [zip map add_bias length] in *. rewrite make_unit_R. f_equal. apply IH. lia.
  - rewrite tmap_map, map_map, map_map. apply map_ext. intros w. cbv beta. rewrite make_unit_R. toR. lra.
Qed.

Definition good_activation (h : E.activation) : Prop := rising (map pair_R (E.bends h)).

Lemma value_on_R h z d : good_activation h ->
  real (E.unit_of (E.compile h) * d) (E.value_on (E.right_line (E.place_of (E.compile h) z d)) z d) = act (act_R h) (real d z).
Proof.
  intros HR. destruct (compile_sound h z d HR) as [_ V]. rewrite V. unfold E.value_on.
  set (ln := E.right_line _). rewrite real_plus, <- real_mul. f_equal. unfold real. rewrite mult_IZR, Pos2Z.inj_mul, mult_IZR. field. auto.
Qed.

Lemma activate_R h ds : good_activation h -> forall zs,
  row_reals (map (Pos.mul (E.unit_of (E.compile h))) ds) (E.activate (E.compile h) ds zs) = map (act (act_R h)) (row_reals ds zs).
Proof.
  intros HR zs. unfold E.activate. rewrite tzip_zip. revert ds. induction zs as [|z zs IH]; intros [|d ds]; simpl; auto.
  unfold row_reals in *. cbn [zip map]. rewrite IH. f_equal. now apply value_on_R.
Qed.

Theorem forward_sound h : good_activation h -> forall ls t, Forall biased ls ->
  exists g, fst (E.forward (E.compile h) ls t) = map g (fst t) /\
    forall row, row_reals (snd (E.forward (E.compile h) ls t)) (g row) = predict (act_R h) (parameters_R ls) (row_reals (snd t) row).
Proof.
  intros HR. induction ls as [|l ls IH]; intros t HB.
  - exists (fun r => r). simpl. rewrite map_id. auto.
  - inversion HB as [|? ? B1 B2]; subst. cbn [E.forward]. set (us := E.make_units (snd t) l). rewrite !tmap_map.
    destruct ls as [|l' ls'].
    + exists (E.read_row us). cbn [fst snd]. split; auto. intros row. unfold us. rewrite make_units_R by auto. reflexivity.
    + set (ls := l' :: ls') in *. set (t' := (map _ (fst t), map _ (map E.denominator us))).
      destruct (IH t' B2) as [g [G1 G2]]. exists (fun row => g (E.activate (E.compile h) (map E.denominator us) (E.read_row us row))).
      split. { rewrite G1. unfold t'. cbn [fst]. now rewrite map_map. }
      intros row. rewrite G2. unfold t'. cbn [snd]. rewrite activate_R by auto. unfold us. rewrite make_units_R by auto. reflexivity.
Qed.
