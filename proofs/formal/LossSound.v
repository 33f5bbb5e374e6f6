(* The risk of the checker is that of the problem, and its subgradients are subgradients. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Convex Numbers NumbersSound.
From Exactsurf Require Evaluate.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.

Definition quadratic_R (q : E.quadratic) : quadratic := let '(a, b, c) := q in (Q2R a, Q2R b, Q2R c).
Definition piece_R (k : Q * E.quadratic) : R * quadratic := (Q2R (fst k), quadratic_R (snd k)).
Definition loss_R (l : E.loss) : loss := Loss (E.gap_of l) (quadratic_R (E.first_piece l)) (map piece_R (E.more_pieces l)).

Lemma qvalue_R q u : Q2R (E.qvalue q u) = value (quadratic_R q) (Q2R u).
Proof. destruct q as [[a b] c]. unfold E.qvalue, value, quadratic_R. rewrite !qadd_R, !qmul_R, !qadd_R, !qmul_R. lra. Qed.
Lemma qslope_R q u : Q2R (E.qslope q u) = slope (quadratic_R q) (Q2R u).
Proof. destruct q as [[a b] c]. unfold E.qslope, slope, quadratic_R. rewrite qadd_R, qmul_R, qadd_R. lra. Qed.

Lemma convex_sound l : E.convex l = true -> convex (loss_R l).
Proof.
  unfold E.convex, convex, loss_R. simpl.
  assert (G : forall ks t0 q, E.convex_from t0 q ks = true -> convex_from (option_map Q2R t0) (quadratic_R q) (map piece_R ks)).
  { induction ks as [|[t q'] ks IH]; intros t0 q H; cbn [E.convex_from] in H.
    - apply both in H as [H _]. simpl. split; auto. unfold E.bowl in H. apply qleb_R in H. rewrite Q2R_0 in H. destruct q as [[? ?] ?]. auto.
    - apply both in H as [H0 H]. apply both in H as [H H4]. apply both in H as [H H3]. apply both in H as [H1 H2].
      cbn [map convex_from piece_R fst snd].
      split. { unfold E.bowl in H0. apply qleb_R in H0. rewrite Q2R_0 in H0. destruct q as [[? ?] ?]. auto. }
      split. { destruct t0; simpl; auto. now apply qltb_R. }
      split. { rewrite <- !qvalue_R. now apply qeqb_R. }
      split. { rewrite <- !qslope_R. now apply qleb_R. }
      exact (IH (Some t) q' H4). }
  apply (G _ None).
Qed.

(* ---- Compiled losses ---- *)
Definition quadratic_over (d e : positive) (z : E.zquadratic) (q : E.quadratic) : Prop :=
  forall n, real (d * (e * e)) (E.zvalue z n) = value (quadratic_R q) (real e n) /\ real (d * e) (E.zslope z n) = slope (quadratic_R q) (real e n).

Lemma over_quadratic_R d e q : (Zpos (E.common_quadratic d q) | Zpos d)%Z -> quadratic_over d e (E.over_quadratic d e q) q.
Proof.
  destruct q as [[a b] c]. intros H n. unfold E.common_quadratic in H. unfold E.over_quadratic, E.zvalue, E.zslope, value, slope, quadratic_R.
  assert (Ha : real d (over d a) = Q2R a).
  { apply over_R. eapply Z.divide_trans; [|exact H]. eapply Z.divide_trans; [apply common_r|]. eapply Z.divide_trans; apply common_l. }
  assert (Hb : real d (over d b) = Q2R b). { apply over_R. eapply Z.divide_trans; [|exact H]. eapply Z.divide_trans; [apply common_r|apply common_l]. }
  assert (Hc : real d (over d c) = Q2R c). { apply over_R. eapply Z.divide_trans; [|exact H]. apply common_r. }
  rewrite <- Ha, <- Hb, <- Hc. unfold real. rewrite !Pos2Z.inj_mul, !plus_IZR, !mult_IZR, !plus_IZR, !mult_IZR. split; field; auto.
Qed.

Lemma common_quadratic_mono d e q : (Zpos d | Zpos e)%Z -> (Zpos (E.common_quadratic d q) | Zpos e)%Z -> (Zpos (E.common_quadratic e q) | Zpos e)%Z.
Proof.
  destruct q as [[a b] c]. unfold E.common_quadratic. intros _ H.
  assert (G : forall d q, (Zpos (Qden q) | Zpos d)%Z -> common d (Qden q) = d).
  { intros d0 q0 [k Hk]. unfold common. rewrite Hk, Z.mod_mul by lia. reflexivity. }
  rewrite (G e a), (G e b), (G e c); [reflexivity| | |]; (eapply Z.divide_trans; [|exact H]).
  - apply common_r. - eapply Z.divide_trans; [apply common_r|apply common_l].
  - eapply Z.divide_trans; [apply common_r|]. eapply Z.divide_trans; apply common_l.
Qed.

Fixpoint compiled_pieces (d e : positive) (zs : list (Z * E.zquadratic)) (ks : list (Q * E.quadratic)) : Prop :=
  match zs, ks with
  | [], [] => True
  | (n, z) :: zs', (t, q) :: ks' => real e n = Q2R t /\ quadratic_over d e z q /\ compiled_pieces d e zs' ks'
  | _, _ => False
  end.

Definition compiled_loss (ls : E.losses) (l : E.loss) : Prop :=
  quadratic_over (E.loss_unit ls) (E.gap_unit ls) (E.first_quadratic ls) (E.first_piece l)
  /\ compiled_pieces (E.loss_unit ls) (E.gap_unit ls) (E.more_quadratics ls) (E.more_pieces l).

Lemma compile_loss_R l e0 : compiled_loss (E.compile_loss l e0) l /\ (Zpos e0 | Zpos (E.gap_unit (E.compile_loss l e0)))%Z.
Proof.
  unfold E.compile_loss. set (d := fold _ (E.common_quadratic 1 _) _). set (e := fold _ e0 _). cbn [E.loss_unit E.gap_unit E.first_quadratic E.more_quadratics].
  assert (DM : forall (d : positive) (k : Q * E.quadratic), (Zpos d | Zpos (E.common_quadratic d (snd k)))%Z).
  { intros d0 [t [[a b] c]]. unfold E.common_quadratic. simpl. eapply Z.divide_trans; [apply common_l|]. eapply Z.divide_trans; apply common_l. }
  assert (EM : forall (d : positive) (k : Q * E.quadratic), (Zpos d | Zpos (common d (Qden (fst k))))%Z) by (intros; apply common_l).
  split; [split|].
  - cbn. apply over_quadratic_R. apply (common_quadratic_mono 1); [apply Z.divide_1_l|]. unfold d. apply fold_divides. auto.
  - cbn [E.loss_unit E.gap_unit E.more_quadratics]. rewrite tmap_map.
    assert (HK : forall k, In k (E.more_pieces l) -> (Zpos (E.common_quadratic d (snd k)) | Zpos d)%Z /\ (Zpos (Qden (fst k)) | Zpos e)%Z).
    { intros k Hk. split.
      - assert (Q1 : exists d1, (Zpos d1 | Zpos d)%Z /\ (Zpos (E.common_quadratic d1 (snd k)) | Zpos d)%Z).
        { unfold d. generalize (E.common_quadratic 1 (E.first_piece l)) as d0. revert Hk. induction (E.more_pieces l) as [|k' ks IH]; intros [] d0; subst; simpl.
          - exists d0. split. + eapply Z.divide_trans; [apply DM|]. apply fold_divides. auto. + apply fold_divides. auto.
          - apply IH. auto. }
        destruct Q1 as [d1 [A B]]. now apply (common_quadratic_mono d1).
      - unfold e. apply (fold_takes (fun e k => common e (Qden (fst k))) (fun k e => (Zpos (Qden (fst k)) | Zpos e)%Z)); auto.
        + intros. apply common_r. + intros. eapply Z.divide_trans; eauto. }
    clearbody d e. induction (E.more_pieces l) as [|[t q] ks IH]; [exact I|]. cbn [map compiled_pieces fst snd].
    destruct (HK _ (or_introl eq_refl)) as [A B]. cbn [fst snd] in A, B. split; [now apply over_R|]. split; [now apply over_quadratic_R|].
    apply IH. intros. apply HK. now right.
  - unfold e. now apply fold_divides.
Qed.

(* What is found at a gap. *)
Lemma quadratics_at_R ls l n : compiled_loss ls l -> let '(z, z') := E.quadratics_at ls n in
  real (E.loss_unit ls * (E.gap_unit ls * E.gap_unit ls)) (E.zvalue z n) = ell (loss_R l) (real (E.gap_unit ls) n)
  /\ (E.zslope z n <= E.zslope z' n -> True)%Z
  /\ forall rho, real (E.loss_unit ls * E.gap_unit ls) (E.zslope z n) <= rho <= real (E.loss_unit ls * E.gap_unit ls) (E.zslope z' n) ->
     slope_at (loss_R l) (real (E.gap_unit ls) n) rho.
Proof.
  unfold E.quadratics_at, compiled_loss, ell, slope_at, loss_R. cbn [first_piece more_pieces].
  set (d := E.loss_unit ls). set (e := E.gap_unit ls). generalize (E.first_quadratic ls) as z, (E.first_piece l) as q, (E.more_quadratics ls) as zs.
  intros z q zs. revert z q zs. induction (E.more_pieces l) as [|[t q'] ks IH]; intros z q zs [Hq Hs].
  - destruct zs as [|[m z1] zs]; [|destruct Hs]. simpl. destruct (Hq n) as [A B]. split; auto. split; auto. intros rho [H1 H2]. rewrite B in *. lra.
  - destruct zs as [|[m z'] zs]; [destruct Hs|]. destruct Hs as [Ht [Hq' Hs]]. cbn [E.locate_quadratic map piece_R piecewise subdifferential fst snd].
    destruct (Hq n) as [A B]. destruct (Hq' n) as [A' B'].
    assert (CMP : forall x y, (x < y)%Z -> real e x < real e y).
    { intros x y L. apply compare_real. nia. }
    destruct (Z.ltb_spec n m) as [L|L]; [|destruct (Z.eqb_spec n m) as [L2|L2]].
    + apply CMP in L. rewrite Ht in L. destruct (Rle_dec (real e n) (Q2R t)); [|lra]. split; auto. split; auto. intros rho H. left. rewrite B in H. lra.
    + subst m. rewrite Ht. destruct (Rle_dec (Q2R t) (Q2R t)); [|lra]. rewrite <- Ht. split; auto. split; auto. intros rho H. right. left.
      rewrite B, B' in H. rewrite Ht in *. split; auto.
    + assert (L3 : (m < n)%Z) by lia. apply CMP in L3. rewrite Ht in L3. destruct (Rle_dec (real e n) (Q2R t)); [lra|].
      specialize (IH z' q' zs (conj Hq' Hs)). destruct (E.locate_quadratic z' zs n) as [u u']. destruct IH as [I1 [_ I2]].
      split; auto. split; auto.
Qed.

(* ---- Gaps of a sample ---- *)
Definition labels (g : gap) (y : list R) : Prop :=
  match g with Difference => True | Margin => Forall (fun b => b = 1 \/ b = -1) y | Classes => Forall (fun b => b = 1 \/ b = 0) y end.

Lemma label_sound g y : E.label g y = true -> labels g (reals y).
Proof.
  destruct g; simpl; auto; intros H; [rename H into H2|apply both in H as [H1 H2]]; apply Forall_forall; intros b Hb; apply in_map_iff in Hb; destruct Hb as [q [<- Hq]].
  - apply all_In with (a := q) in H2; auto. destruct (qeqb q 1) eqn:E1; [apply qeqb_R in E1; rewrite Q2R_1 in E1; auto|].
    apply qeqb_R in H2. rewrite Q2R_make in H2. unfold real in H2. right. lra.
  - apply all_In with (a := q) in H1; auto. destruct (qeqb q 1) eqn:E1; [apply qeqb_R in E1; rewrite Q2R_1 in E1; auto|].
    apply qeqb_R in H1. rewrite Q2R_0 in H1. auto.
Qed.

Section Sample.
Variables (ls : E.losses) (l : E.loss).
Hypothesis HC : compiled_loss ls l.
Let e := E.gap_unit ls.
Let d2 := (E.loss_unit ls * (e * e))%positive.
Let d1 := (E.loss_unit ls * e)%positive.
Notation g := (E.gap_of l).

Lemma is_one b : (b = Zpos e)%Z <-> real e b = 1.
Proof.
  unfold real. split; intros H.
  - subst. field. unfold e. auto.
  - apply eq_IZR. apply (Rmult_eq_compat_r (IZR (Zpos e))) in H. unfold Rdiv in H. rewrite Rmult_assoc, Rinv_l in H; [lra|unfold e; auto].
Qed.

Lemma real_one : real e (Zpos e) = 1.
Proof. now apply is_one. Qed.

Lemma right_prediction_R f : forall y acc, Forall (fun b => b = 1 \/ b = 0) (map (real e) y) ->
  real e (E.right_prediction acc (Zpos e) f y) = real e acc + dot (map (real e) f) (map (real e) y).
Proof.
  induction f as [|a f IH]; intros [|b y] acc H; simpl; try lra. inversion H as [|? ? H1 H2]; subst. rewrite IH by auto.
  destruct (Z.eqb_spec b (Zpos e)) as [E|E].
  - apply is_one in E. rewrite E, real_plus. lra.
  - destruct H1 as [H1|H1]; [apply is_one in H1; lia|]. rewrite H1. lra.
Qed.

(* The gap of the checker is that of the loss, or there is none. *)
Definition gap_means (right a b : R) (n : option Z) : Prop :=
  match g with
  | Difference => exists m, n = Some m /\ real e m = a - b
  | Margin => exists m, n = Some m /\ real e m = b * a
  | Classes => (b = 1 /\ n = None) \/ (b <> 1 /\ exists m, n = Some m /\ real e m = a - right)
  end.

Fixpoint gaps_mean (right : R) (f y : list R) (ns : list (option Z)) : Prop :=
  match f, y, ns with
  | a :: f', b :: y', n :: ns' => gap_means right a b n /\ gaps_mean right f' y' ns'
  | _, _, [] => f = [] \/ y = []
  | _, _, _ => False
  end.

Lemma gaps_of_R f y : labels g (map (real e) y) -> gaps_mean (dot (map (real e) f) (map (real e) y)) (map (real e) f) (map (real e) y) (E.gaps_of g (Zpos e) f y).
Proof.
  intros HL. unfold E.gaps_of. rewrite tzip_zip.
  assert (HR : g = Classes -> real e (E.right_prediction 0 (Zpos e) f y) = dot (map (real e) f) (map (real e) y)).
  { intros G. rewrite G in HL. rewrite right_prediction_R by exact HL. rewrite real_0. lra. }
  revert HR. generalize (E.right_prediction 0 (Zpos e) f y) as rz. generalize (dot (map (real e) f) (map (real e) y)) as rr.
  intros rr rz HR. clear HC. revert y HL. induction f as [|a f IH]; intros [|b y] HL; cbn [zip map gaps_mean]; auto.
  split.
  - unfold gap_means, E.gap_at. destruct g eqn:G; simpl in HL.
    + exists (a - b)%Z. split; auto. unfold Z.sub. now rewrite real_plus, real_opp.
    + inversion HL as [|? ? H1 H2]; subst. eexists. split; [reflexivity|].
      destruct (Z.ltb_spec 0 b) as [L|L].
      * destruct H1 as [H1|H1].
        -- rewrite H1. lra.
        -- exfalso. assert (real e 0 < real e b) by (apply compare_real; nia). rewrite real_0 in H. lra.
      * destruct H1 as [H1|H1].
        -- exfalso. assert (0 < b)%Z; [|lia]. apply is_one in H1. subst b. lia.
        -- rewrite H1, real_opp. lra.
    + destruct (Z.eqb_spec b (Zpos e)) as [E|E].
      * left. split; auto. now apply is_one.
      * right. split. { intros F. apply is_one in F. auto. } eexists. split; [reflexivity|].
        unfold Z.sub. rewrite real_plus, real_opp, HR; auto; lra.
  - apply IH. destruct g; simpl in *; auto; now inversion HL.
Qed.

Lemma gap_value_R right a b n acc : gap_means right a b n -> real d2 (E.gap_value ls acc n) = real d2 acc + term (loss_R l) right a b.
Proof.
  unfold gap_means, term, E.gap_value. cbn [gap_of loss_R].
  assert (V : forall m, real d2 (acc + E.zvalue (fst (E.quadratics_at ls m)) m) = real d2 acc + ell (loss_R l) (real e m)).
  { intros m. rewrite real_plus. pose proof (quadratics_at_R ls l m HC) as Q. destruct (E.quadratics_at ls m) as [z z']. destruct Q as [Q _].
    cbn [fst]. fold e in Q. fold d2 in Q. now rewrite Q. }
  destruct g.
  - intros [m [-> <-]]. apply V. - intros [m [-> <-]]. apply V.
  - intros [[-> ->]|[N [m [-> <-]]]]. + destruct (Req_EM_T 1 1); [lra|congruence]. + destruct (Req_EM_T b 1); [congruence|]. apply V.
Qed.

Lemma gaps_value_R right f y : forall ns acc, gaps_mean right f y ns -> real d2 (fold (E.gap_value ls) acc ns) = real d2 acc + terms (loss_R l) right f y.
Proof.
  revert y. induction f as [|a f IH]; intros [|b y] [|n ns] acc H; simpl in H; try tauto; try (destruct H; discriminate); simpl; try lra.
  destruct H as [H1 H2]. rewrite (IH y) by auto. rewrite (gap_value_R right a b) by auto. lra.
Qed.

(* ---- Slopes ---- *)
Definition rho_fits (c : R) (d : positive) (rho : Z) (n : option Z) : Prop :=
  match n with None => rho = 0%Z | Some m => exists r, slope_at (loss_R l) (real e m) r /\ real d rho = c * r end.

Lemma smooth_slope_R n : E.is_kink ls n = false -> rho_fits 1 d1 (E.smooth_slope ls n) n.
Proof.
  destruct n as [m|]; simpl; auto. unfold E.is_kink, E.smooth_slope, E.slopes_at. pose proof (quadratics_at_R ls l m HC) as Q. destruct (E.quadratics_at ls m) as [z z'].
  destruct Q as [_ [_ Q]]. intros H. apply negb_false_iff, Z.eqb_eq in H. cbn [fst]. fold e in Q. fold d1 in Q. eexists. split; [|now rewrite Rmult_1_l]. apply Q. rewrite H. lra.
Qed.

Lemma between_R s d rho n : (0 < Qnum s)%Z ->
  E.between ls (Qnum s * Zpos d) (Zpos (Qden s) * (Zpos (E.loss_unit ls) * Zpos e)) rho n = true -> rho_fits (Q2R s) d rho n.
Proof.
  intros Hs. destruct n as [m|]; simpl; [|apply Z.eqb_eq]. unfold E.slopes_at. pose proof (quadratics_at_R ls l m HC) as Q. destruct (E.quadratics_at ls m) as [z z'].
  destruct Q as [_ [_ Q]]. fold e in Q. fold d1 in Q. intros H. apply both in H as [H1 H2]. apply Z.leb_le in H1, H2.
  destruct s as [sn sd]. cbn [Qnum Qden] in *.
  exists (real d rho / Q2R (sn # sd)). assert (Sp : 0 < Q2R (sn # sd)). { rewrite Q2R_make. unfold real. apply Rdiv_lt_0_compat; auto. now apply (IZR_lt 0). }
  split; [|field; lra]. apply Q.
  assert (Ed : d1 = (E.loss_unit ls * e)%positive) by reflexivity.
  assert (B : forall x, real d1 x * Q2R (sn # sd) * (IZR (Zpos d1) * IZR (Zpos sd) * IZR (Zpos d)) = IZR (x * (sn * Zpos d))).
  { intros x. rewrite Q2R_make. unfold real. rewrite !mult_IZR. field. auto. }
  assert (C : real d rho * (IZR (Zpos d1) * IZR (Zpos sd) * IZR (Zpos d)) = IZR (rho * (Zpos sd * (Zpos (E.loss_unit ls) * Zpos e)))).
  { unfold real. rewrite Ed, Pos2Z.inj_mul, !mult_IZR. field. auto. }
  set (M := IZR (Zpos d1) * IZR (Zpos sd) * IZR (Zpos d)) in *.
  assert (MP : 0 < M) by (unfold M; repeat apply Rmult_lt_0_compat; auto).
  split.
  - apply (Rmult_le_reg_r (Q2R (sn # sd))); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply (Rmult_le_reg_r M); auto. rewrite B, C. now apply IZR_le.
  - apply (Rmult_le_reg_r (Q2R (sn # sd))); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    apply (Rmult_le_reg_r M); auto. rewrite B, C. now apply IZR_le.
Qed.

Lemma term_slopes_R c d right : c <> 0 -> forall f y ns rho, gaps_mean right f y ns -> length f = length y -> Forall2 (rho_fits c d) rho ns ->
  exists rs, term_slopes (loss_R l) right f y rs /\ map (real d) rho = map (Rmult c) rs.
Proof.
  intros Hc. induction f as [|a f IH]; intros [|b y] ns rho H Hl HF; try discriminate.
  - destruct ns as [|[n|] ns]; try (simpl in H; tauto). inversion HF. exists []. simpl. auto.
  - destruct ns as [|n ns]; [destruct H; discriminate|]. destruct H as [H1 H2]. inversion HF as [|r ? rho' ? F1 F2]; subst.
    destruct (IH y ns rho' H2 ltac:(simpl in Hl; lia) F2) as [rs [A B]].
    assert (exists r0, term_slope (loss_R l) right a b r0 /\ real d r = c * r0) as [r0 [A0 B0]].
    { unfold gap_means in H1. unfold term_slope. cbn [gap_of loss_R]. destruct g.
      - destruct H1 as [m [-> <-]]. exact F1. - destruct H1 as [m [-> <-]]. exact F1.
      - destruct H1 as [[-> ->]|[N [m [-> <-]]]].
        + simpl in F1. subst r. exists 0. destruct (Req_EM_T 1 1); [|congruence]. split; auto. rewrite real_0. lra.
        + destruct (Req_EM_T b 1); [congruence|]. exact F1. }
    exists (r0 :: rs). simpl. rewrite B0, B. auto.
Qed.

(* For several classes the right one has slope 0. *)
Definition right_is_0 (rho y : list Z) : Prop := Forall2 (fun r b => b = Zpos e -> r = 0%Z) rho y.

Lemma gaps_right_0 c d right : g = Classes -> forall f y ns rho, gaps_mean right (map (real e) f) (map (real e) y) ns -> length f = length y ->
  Forall2 (rho_fits c d) rho ns -> right_is_0 rho y.
Proof.
  intros G. induction f as [|a f IH]; intros [|b y] ns rho H Hl HF; try discriminate.
  - destruct ns; [inversion HF; constructor|simpl in H; tauto].
  - destruct ns as [|n ns]; [simpl in H; destruct H; discriminate|]. destruct H as [H1 H2]. inversion HF as [|r ? rho' ? F1 F2]; subst.
    constructor; [|apply (IH y ns); auto; simpl in Hl; lia]. intros Eb. apply is_one in Eb. unfold gap_means in H1. rewrite G in H1.
    destruct H1 as [[_ ->]|[N _]]; [exact F1|congruence].
Qed.

Lemma spread_R d rho y : labels g (map (real e) y) -> length rho = length y -> (g = Classes -> right_is_0 rho y) ->
  map (real d) (E.spread g (Zpos e) rho y) = spread g (map (real d) rho) (map (real e) y).
Proof.
  intros HL Hl H0. unfold E.spread, spread. destruct g; auto; rewrite tzip_zip.
  - clear H0. revert y HL Hl. induction rho as [|r rho IH]; intros [|b y] HL Hl; simpl in *; try discriminate; auto. inversion HL as [|? ? H1 H2]; subst.
    f_equal; [|apply IH; auto; lia]. destruct (Z.ltb_spec 0 b) as [L|L].
    + destruct H1 as [H1|H1]; [rewrite H1; lra|]. exfalso. assert (real e 0 < real e b) by (apply compare_real; nia). rewrite real_0 in H. lra.
    + destruct H1 as [H1|H1]; [|rewrite H1, real_opp; lra]. apply is_one in H1. subst. lia.
  - assert (S0 : real d (zsum rho) = sum (map (real d) rho) (fun r => r)).
    { unfold real at 1. rewrite zsum_R, sum_map. unfold Rdiv. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. unfold real. lra. }
    rewrite <- S0. generalize (zsum rho) as s. intros s. specialize (H0 eq_refl). clear S0 Hl. revert HL. induction H0 as [|r b rho y H1 _ IH]; intros HL; simpl; auto.
    simpl in HL. inversion HL as [|? ? L1 L2]; subst. rewrite <- IH by auto. f_equal. destruct (Z.eqb_spec b (Zpos e)) as [E|E].
    + rewrite (H1 E). apply is_one in E. rewrite E, real_opp, real_0. lra.
    + destruct L1 as [L1|L1]; [apply is_one in L1; congruence|]. rewrite L1. lra.
Qed.

Lemma spread_scal c rho y : spread g (map (Rmult c) rho) y = map (Rmult c) (spread g rho y).
Proof.
  unfold spread. destruct g; auto.
  - revert y. induction rho as [|r rho IH]; intros [|b y]; simpl; auto. rewrite IH. f_equal. lra.
  - rewrite sum_map, sum_scal. generalize (sum rho (fun s => s)) as s. intros s. revert y. induction rho as [|r rho IH]; intros [|b y]; simpl; auto. rewrite IH. f_equal. lra.
Qed.

Theorem sample_subgradient c d f y ns rho : convex (loss_R l) -> 0 < c -> labels g (map (real e) y) -> length f = length y ->
  ns = E.gaps_of g (Zpos e) f y -> Forall2 (rho_fits c d) rho ns -> forall f', length f' = length f ->
  c * loss_of (loss_R l) (map (real e) f) (map (real e) y)
    + (dot (map (real d) (E.spread g (Zpos e) rho y)) f' - dot (map (real d) (E.spread g (Zpos e) rho y)) (map (real e) f))
  <= c * loss_of (loss_R l) f' (map (real e) y).
Proof.
  intros HV Hc HL Hl -> HF f' Hf. pose proof (gaps_of_R f y HL) as HM.
  destruct (term_slopes_R c d _ ltac:(lra) _ _ _ _ HM ltac:(now rewrite !map_length) HF) as [rs [A B]].
  assert (L : length rho = length y).
  { apply Forall2_len in HF. rewrite HF. unfold E.gaps_of. rewrite tzip_zip. now apply zip_length. }
  rewrite spread_R; auto.
  - rewrite B, spread_scal, !dot_scal. pose proof (loss_subgradient (loss_R l) _ _ _ f' HV A ltac:(now rewrite map_length)) as Q.
    cbn [gap_of loss_R] in Q. apply (Rmult_le_compat_l c) in Q; [|lra]. lra.
  - intros G. eapply gaps_right_0; eauto.
Qed.
End Sample.
