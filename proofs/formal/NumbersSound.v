(* What the integers of the checker mean over the real numbers. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Numbers.
Import ListNotations.
Open Scope R_scope.

Definition real (d : positive) (n : Z) : R := IZR n / IZR (Zpos d).
Definition realQ : Q -> R := Q2R.
Definition reals (v : list Q) : list R := map Q2R v.
Definition row_reals (ds : list positive) (row : list Z) : list R := zip (fun n d => real d n) row ds.

Lemma pos_R d : 0 < IZR (Zpos d). Proof. now apply (IZR_lt 0). Qed.
#[export] Hint Resolve pos_R : core.
Lemma pos_neq d : IZR (Zpos d) <> 0. Proof. pose proof (pos_R d). lra. Qed.
#[export] Hint Resolve pos_neq : core.

Lemma Q2R_make n d : Q2R (Qmake n d) = real d n.
Proof. reflexivity. Qed.

Lemma real_mul d e n m : real d n * real e m = real (d * e) (n * m).
Proof. unfold real. rewrite Pos2Z.inj_mul, !mult_IZR. field. auto. Qed.

Lemma real_plus d n m : real d (n + m) = real d n + real d m.
Proof. unfold real. rewrite plus_IZR. field. auto. Qed.

Lemma real_opp d n : real d (- n) = - real d n.
Proof. unfold real. rewrite opp_IZR. field. auto. Qed.

Lemma real_0 d : real d 0 = 0.
Proof. unfold real. field. auto. Qed.

Lemma real_eq_0 d n : real d n = 0 -> n = 0%Z.
Proof. unfold real. intros H. apply eq_IZR. apply (Rmult_eq_compat_r (IZR (Zpos d))) in H. unfold Rdiv in H. rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_0_l in H; auto. Qed.

Lemma compare_real n d m e : real d n < real e m <-> (n * Zpos e < m * Zpos d)%Z.
Proof.
  unfold real. pose proof (pos_R d). pose proof (pos_R e). split; intros H1.
  - apply lt_IZR. rewrite !mult_IZR. apply (Rmult_lt_compat_r (IZR (Zpos d) * IZR (Zpos e))) in H1; [|now apply Rmult_lt_0_compat].
    replace (IZR n / IZR (Zpos d) * (IZR (Zpos d) * IZR (Zpos e))) with (IZR n * IZR (Zpos e)) in H1 by (field; auto).
    replace (IZR m / IZR (Zpos e) * (IZR (Zpos d) * IZR (Zpos e))) with (IZR m * IZR (Zpos d)) in H1 by (field; auto). auto.
  - apply IZR_lt in H1. rewrite !mult_IZR in H1.
    apply (Rmult_lt_reg_r (IZR (Zpos d) * IZR (Zpos e))); [now apply Rmult_lt_0_compat|].
    replace (IZR n / IZR (Zpos d) * (IZR (Zpos d) * IZR (Zpos e))) with (IZR n * IZR (Zpos e)) by (field; auto).
    replace (IZR m / IZR (Zpos e) * (IZR (Zpos d) * IZR (Zpos e))) with (IZR m * IZR (Zpos d)) by (field; auto). auto.
Qed.

Lemma equal_real n d m e : real d n = real e m <-> (n * Zpos e = m * Zpos d)%Z.
Proof.
  split; intros H.
  - destruct (Z.lt_trichotomy (n * Zpos e) (m * Zpos d)) as [L|[L|L]]; auto.
    + apply compare_real in L. lra. + apply compare_real in L. lra.
  - destruct (Rtotal_order (real d n) (real e m)) as [L|[L|L]]; auto; apply compare_real in L; lia.
Qed.

(* ---- Rational numbers ---- *)
Lemma quotient_R n d : (0 < d)%Z -> Q2R (quotient n d) = IZR n / IZR d.
Proof.
  intros Hd. unfold quotient. set (g := Z.gcd n d).
  assert (Hg : (0 < g)%Z). { pose proof (Z.gcd_nonneg n d). assert (g <> 0%Z); [|lia]. intros E. apply Z.gcd_eq_0_r in E. lia. }
  destruct (Z.gcd_divide_l n d) as [a Ha]. destruct (Z.gcd_divide_r n d) as [b Hb]. fold g in Ha, Hb.
  assert (0 < b)%Z by nia.
  rewrite Q2R_make. unfold real.
  replace (n / g)%Z with a by (rewrite Ha, Z.div_mul; lia). replace (d / g)%Z with b by (rewrite Hb, Z.div_mul; lia).
  rewrite Z2Pos.id by lia. rewrite Ha, Hb, !mult_IZR. field. split; apply not_0_IZR; lia.
Qed.

Lemma qadd_R x y : Q2R (qadd x y) = Q2R x + Q2R y.
Proof. unfold qadd. rewrite quotient_R by lia. rewrite plus_IZR, !mult_IZR. unfold Q2R. field. auto. Qed.
Lemma qmul_R x y : Q2R (qmul x y) = Q2R x * Q2R y.
Proof. unfold qmul. rewrite quotient_R by lia. rewrite !mult_IZR. unfold Q2R. field. auto. Qed.
Lemma qopp_R x : Q2R (qopp x) = - Q2R x.
Proof. unfold qopp, Q2R. simpl. rewrite opp_IZR. field. auto. Qed.
Lemma Q2R_0 : Q2R 0 = 0. Proof. unfold Q2R. simpl. lra. Qed.
Lemma Q2R_1 : Q2R 1 = 1. Proof. unfold Q2R. simpl. lra. Qed.

Lemma qltb_R x y : qltb x y = true <-> Q2R x < Q2R y.
Proof. unfold qltb. rewrite Z.ltb_lt. destruct x as [n d], y as [m e]. simpl. rewrite !Q2R_make. symmetry. apply compare_real. Qed.
Lemma qltb_false x y : qltb x y = false <-> Q2R y <= Q2R x.
Proof.
  split; intros H.
  - destruct (Rle_or_lt (Q2R y) (Q2R x)) as [|L]; auto. apply qltb_R in L. congruence.
  - destruct (qltb x y) eqn:E; auto. apply qltb_R in E. lra.
Qed.
Lemma qleb_R x y : qleb x y = true -> Q2R x <= Q2R y.
Proof. intros H. apply qltb_false. unfold qltb, qleb in *. apply Z.leb_le in H. apply Z.ltb_ge. lia. Qed.
Lemma qeqb_R x y : qeqb x y = true <-> Q2R x = Q2R y.
Proof. unfold qeqb. rewrite Z.eqb_eq. destruct x as [n d], y as [m e]. simpl. rewrite !Q2R_make. symmetry. apply equal_real. Qed.

(* ---- Common denominators ---- *)
Lemma common_spec d e : (Zpos d | Zpos (common d e))%Z /\ (Zpos e | Zpos (common d e))%Z.
Proof.
  unfold common. destruct (Z.eqb_spec (Z.modulo (Zpos d) (Zpos e)) 0) as [E|E].
  - split; [reflexivity|]. apply Z.mod_divide; [lia|auto].
  - assert (0 < Z.lcm (Zpos d) (Zpos e))%Z.
    { pose proof (Z.lcm_nonneg (Zpos d) (Zpos e)). assert (Z.lcm (Zpos d) (Zpos e) <> 0%Z); [|lia]. intros F. apply Z.lcm_eq_0 in F. lia. }
    rewrite Z2Pos.id by auto. split; [apply Z.divide_lcm_l|apply Z.divide_lcm_r].
Qed.
Lemma common_l d e : (Zpos d | Zpos (common d e))%Z. Proof. apply common_spec. Qed.
Lemma common_r d e : (Zpos e | Zpos (common d e))%Z. Proof. apply common_spec. Qed.

(* A fold that takes in denominators divides its results, and so does what it took in. *)
Lemma fold_divides {A} (f : positive -> A -> positive) (l : list A) : (forall d a, (Zpos d | Zpos (f d a))%Z) ->
  forall d, (Zpos d | Zpos (fold f d l))%Z.
Proof. intros H. induction l as [|a l IH]; intros d; simpl; [reflexivity|]. eapply Z.divide_trans; [apply H|apply IH]. Qed.

Lemma fold_takes {A} (f : positive -> A -> positive) (P : A -> positive -> Prop) (l : list A) : (forall d a, (Zpos d | Zpos (f d a))%Z) ->
  (forall d a, P a (f d a)) -> (forall a d e, (Zpos d | Zpos e)%Z -> P a d -> P a e) -> forall d a, In a l -> P a (fold f d l).
Proof.
  intros Hd Hp Hm. induction l as [|b l IH]; intros d a []; simpl; subst.
  - eapply Hm; [now apply fold_divides|apply Hp]. - now apply IH.
Qed.

Lemma common_of_l d l : (Zpos d | Zpos (common_of d l))%Z.
Proof. apply fold_divides. intros. apply common_l. Qed.
Lemma common_of_in d l q : In q l -> (Zpos (Qden q) | Zpos (common_of d l))%Z.
Proof.
  apply (fold_takes (fun d q => common d (Qden q)) (fun q d => (Zpos (Qden q) | Zpos d)%Z)).
  - intros. apply common_l. - intros. apply common_r. - intros. eapply Z.divide_trans; eauto.
Qed.

Lemma over_R d q : (Zpos (Qden q) | Zpos d)%Z -> real d (over d q) = Q2R q.
Proof.
  intros [k Hk]. unfold over. destruct q as [n e]. simpl in *. rewrite Hk, Z.div_mul by lia. rewrite Q2R_make. apply equal_real. rewrite Hk. ring.
Qed.

Lemma align_R l : map (real (snd (align l))) (fst (align l)) = reals l.
Proof.
  unfold align. simpl. rewrite tmap_map, map_map. apply map_ext_in. intros q Hq. apply over_R. now apply common_of_in.
Qed.

Lemma rescale_R d e n : (Zpos d | Zpos e)%Z -> real e (n * (Zpos e / Zpos d)) = real d n.
Proof. intros [k Hk]. rewrite Hk, Z.div_mul by lia. apply equal_real. rewrite Hk. ring. Qed.

(* ---- Tables ---- *)
Definition divides_row (ds : list positive) (row : list Q) : Prop := Forall2 (fun d q => (Zpos (Qden q) | Zpos d)%Z) ds row.

Lemma over_row_R ds row : divides_row ds row -> row_reals ds (tzip over ds row) = reals row.
Proof. rewrite tzip_zip. unfold row_reals. induction 1; simpl; auto. f_equal; auto. now apply over_R. Qed.

Lemma common_rows_spec m rows : (forall r, In r rows -> length r = m) ->
  forall r, In r rows -> divides_row (common_rows rows) r.
Proof.
  intros Hm. destruct rows as [|r0 rows]; [intros ? []|]. unfold common_rows. set (rs := r0 :: rows) in *.
  assert (G : forall rs ds, (forall r, In r rs -> length r = m) -> length ds = m ->
     Forall2 (fun d e => (Zpos d | Zpos e)%Z) ds (fold common_row ds rs) /\ forall r, In r rs -> divides_row (fold common_row ds rs) r).
  { clear. induction rs as [|r rs IH]; intros ds Hr Hd; simpl.
    - split; [|intros ? []]. clear. induction ds; constructor; auto. reflexivity.
    - assert (Lr : length r = m) by (apply Hr; simpl; auto).
      assert (S1 : Forall2 (fun d e => (Zpos d | Zpos e)%Z) ds (common_row ds r) /\ divides_row (common_row ds r) r).
      { unfold common_row. rewrite tzip_zip. clear - Lr Hd. revert r Lr. rewrite <- Hd. clear Hd. induction ds as [|d ds IH]; intros [|q r] H; simpl in *; try discriminate; split; constructor;
        try apply IH; auto using common_l, common_r. all: try (destruct (IH r); auto; lia). }
      destruct S1 as [S1 S2].
      destruct (IH (common_row ds r)) as [A B]. { intros; apply Hr; simpl; auto. } { apply Forall2_len in S1. congruence. }
      split.
      + clear - S1 A. revert A. generalize (fold common_row (common_row ds r) rs) as es. revert S1. generalize (common_row ds r) as cs.
        intros cs H. induction H; intros es A; inversion A; subst; constructor; auto. eapply Z.divide_trans; eauto.
      + intros r' [<-|Hr']; auto. clear - S2 A. unfold divides_row in *. revert A S2. generalize (fold common_row (common_row ds r) rs) as es. generalize (common_row ds r) as cs.
        intros cs es A. revert r. induction A; intros r H1; inversion H1; subst; constructor; auto. eapply Z.divide_trans; eauto. }
  intros r Hr. apply G; auto. rewrite tmap_map, map_length. apply Hm. simpl. auto.
Qed.

Lemma table_of_R m rows : (forall r, In r rows -> length r = m) ->
  exists g, fst (table_of rows) = map g rows /\ (forall r, In r rows -> row_reals (snd (table_of rows)) (g r) = reals r /\ length (g r) = m)
  /\ (rows <> [] -> length (snd (table_of rows)) = m).
Proof.
  intros Hm. exists (tzip over (common_rows rows)). unfold table_of. simpl. rewrite tmap_map. split; auto. split.
  - intros r Hr. pose proof (common_rows_spec m rows Hm r Hr) as D. split; [now apply over_row_R|].
    rewrite tzip_zip, zip_length; auto. eapply Forall2_len; eauto.
  - intros Hn. destruct rows as [|r rows]; [congruence|]. pose proof (common_rows_spec m _ Hm r (or_introl eq_refl)) as D.
    apply Forall2_len in D. rewrite D. apply Hm. simpl; auto.
Qed.

(* ---- Sums ---- *)
Lemma zdot_R u : forall acc v, IZR (zdot acc u v) = IZR acc + dot (map IZR u) (map IZR v).
Proof. induction u as [|a u IH]; intros acc [|b v]; simpl; try lra. rewrite IH, plus_IZR, mult_IZR. lra. Qed.

Lemma zsum_R u : IZR (zsum u) = sum u IZR.
Proof.
  unfold zsum. assert (G : forall a, IZR (fold Z.add a u) = IZR a + sum u IZR).
  { induction u as [|b u IH]; intros; simpl; [lra|]. rewrite IH, plus_IZR. lra. }
  rewrite G. lra.
Qed.

Lemma is_zero_spec u : is_zero u = true -> forall n, In n u -> n = 0%Z.
Proof. intros H n Hn. apply all_In with (a := n) in H; auto. apply Z.eqb_eq in H. auto. Qed.

Lemma same_spec u : forall v, same u v = true -> u = v.
Proof. induction u as [|a u IH]; intros [|b v] H; simpl in H; try discriminate; auto. apply both in H as [H1 H2]. apply Z.eqb_eq in H1. f_equal; auto. Qed.

Lemma dot_row w : forall ds row, dot (reals w) (row_reals ds row)
  = dot (zip (fun q d => Q2R (Qmake (Qnum q) (Qden q * d))) w ds) (map IZR row).
Proof.
  induction w as [|q w IH]; intros [|d ds] [|n row]; simpl; auto.
  unfold row_reals, reals in *. cbn [zip map dot]. rewrite IH. f_equal. destruct q as [a b]. simpl. rewrite !Q2R_make.
  unfold real. rewrite Pos2Z.inj_mul, mult_IZR. field. auto.
Qed.
