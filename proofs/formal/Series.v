(* Functions of t > 0 that agree with a power series up to a power of t (proofs/curve.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Numbers NumbersSound ForwardSound.
From Exactsurf Require Evaluate CheckCurve.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckCurve.

Fixpoint poly (a : list Q) (t : R) : R := match a with [] => 0 | c :: a' => Q2R c + t * poly a' t end.

(* f(t) = a_0 + a_1 t + ... + O(t^m), with m the number of coefficients. *)
Definition close (f : R -> R) (a : list Q) : Prop :=
  exists K T, 0 <= K /\ 0 < T <= 1 /\ forall t, 0 < t < T -> Rabs (f t - poly a t) <= K * t ^ length a.

Lemma close_ext f g a : (forall t, f t = g t) -> close f a -> close g a.
Proof. intros E [K [T [HK [HT H]]]]. exists K, T. repeat split; try tauto; try lra. intros t Ht. rewrite <- E. auto. Qed.

Lemma close_poly a : close (poly a) a.
Proof. exists 0, 1. split; [lra|]. split; [lra|]. intros t Ht. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra. Qed.

Lemma pow_pos t n : 0 < t -> 0 < t ^ n. Proof. apply pow_lt. Qed.

Lemma close_combine (F : R -> R) (a b c : list Q) f g k : length b = length a -> length c = length a ->
  close f a -> close g b -> 0 <= k ->
  (forall t, 0 < t < 1 -> Rabs (F t - poly c t) <= k * (Rabs (f t - poly a t) + Rabs (g t - poly b t))) -> close F c.
Proof.
  intros Lb Lc [K1 [T1 [HK1 [HT1 H1]]]] [K2 [T2 [HK2 [HT2 H2]]]] Hk H. exists (k * (K1 + K2)), (Rmin T1 T2).
  split. { apply Rmult_le_pos; lra. } split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T2) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
  eapply Rle_trans; [apply H; lra|]. specialize (H1 t ltac:(lra)). specialize (H2 t ltac:(lra)). rewrite Lb in H2. rewrite Lc.
  rewrite Rmult_assoc. apply Rmult_le_compat_l; auto. lra.
Qed.

Lemma poly_sadd a : forall b t, length b = length a -> poly (C.sadd a b) t = poly a t + poly b t.
Proof.
  unfold C.sadd. induction a as [|x a IH]; intros [|y b] t H; simpl in H; try discriminate; rewrite tzip_zip; simpl; [lra|].
  specialize (IH b t ltac:(lia)). rewrite tzip_zip in IH. rewrite IH, qadd_R. lra.
Qed.

Lemma sadd_length a b : length b = length a -> length (C.sadd a b) = length a.
Proof. intros H. unfold C.sadd. rewrite tzip_zip, zip_length; congruence. Qed.

Lemma close_add f g a b : length b = length a -> close f a -> close g b -> close (fun t => f t + g t) (C.sadd a b).
Proof.
  intros L Hf Hg. apply (close_combine _ a b _ f g 1); auto using sadd_length; [lra|]. intros t _. rewrite poly_sadd by auto.
  replace (f t + g t - (poly a t + poly b t)) with ((f t - poly a t) + (g t - poly b t)) by lra. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Lemma poly_sscale c a t : poly (C.sscale c a) t = Q2R c * poly a t.
Proof. unfold C.sscale. rewrite tmap_map. induction a; simpl; [lra|]. rewrite IHa, qmul_R. lra. Qed.
Lemma sscale_length c a : length (C.sscale c a) = length a.
Proof. unfold C.sscale. rewrite tmap_map. apply map_length. Qed.

Lemma close_scale c f a : close f a -> close (fun t => Q2R c * f t) (C.sscale c a).
Proof.
  intros H. apply (close_combine _ a a _ f f (Rabs (Q2R c))); auto using sscale_length, Rabs_pos. intros t _. rewrite poly_sscale.
  replace (Q2R c * f t - Q2R c * poly a t) with (Q2R c * (f t - poly a t)) by lra. rewrite Rabs_mult.
  apply Rmult_le_compat_l; [apply Rabs_pos|]. pose proof (Rabs_pos (f t - poly a t)). lra.
Qed.

(* Replacing coefficients behind the end changes a function by O(t^m). *)
Lemma poly_bounded a : exists B, 0 <= B /\ forall t, 0 < t < 1 -> Rabs (poly a t) <= B.
Proof.
  induction a as [|c a [B [HB H]]]; simpl. { exists 0. split; [lra|]. intros. rewrite Rabs_R0. lra. }
  exists (Rabs (Q2R c) + B). split. { pose proof (Rabs_pos (Q2R c)). lra. } intros t Ht. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, (Rabs_right t) by lra.
  specialize (H t Ht). pose proof (Rabs_pos (poly a t)). assert (t * Rabs (poly a t) <= 1 * B) by (apply Rmult_le_compat; lra). lra.
Qed.

Lemma close_cons c (f : R -> R) a : close f a -> close (fun t => Q2R c + t * f t) (c :: a).
Proof.
  intros [K [T [HK [HT H]]]]. exists K, T. split; auto. split; auto. intros t Ht. simpl.
  replace (Q2R c + t * f t - (Q2R c + t * poly a t)) with (t * (f t - poly a t)) by lra. rewrite Rabs_mult, (Rabs_right t) by lra.
  specialize (H t Ht). replace (K * (t * t ^ length a)) with (t * (K * t ^ length a)) by lra. apply Rmult_le_compat_l; lra.
Qed.

Lemma close_cut : forall a b, close (poly (a ++ b)) a.
Proof.
  induction a as [|c a IH]; intros b; simpl.
  - destruct (poly_bounded b) as [B [HB H]]. exists B, 1. split; auto. split; [lra|]. intros t Ht. simpl. rewrite Rminus_0_r, Rmult_1_r. now apply H.
  - now apply close_cons.
Qed.

Lemma shift_cut a : exists b, (0%Q :: a) = C.shift a ++ b.
Proof.
  unfold C.shift. rewrite tzip_zip. generalize 0%Q as z. induction a as [|c a IH]; intros z; [exists [z]; auto|]. destruct (IH c) as [b Hb]. exists b.
  change (z :: c :: a = z :: (zip (fun x (_ : Q) => x) (c :: a) a ++ b)). f_equal. exact Hb.
Qed.
Lemma shift_length a : length (C.shift a) = length a.
Proof. unfold C.shift. rewrite tzip_zip. generalize (0#1)%Q as z. induction a as [|c a IH]; intros z; auto.
  change (S (length (zip (fun x (_ : Q) => x) (c :: a) a)) = S (length a)). f_equal. apply IH. Qed.

Lemma close_trans f a b : length b = length a -> close f a -> close (poly a) b -> close f b.
Proof.
  intros L Hf Hp. apply (close_combine _ a b b f (poly a) 1); auto; [lra|]. intros t _.
  replace (f t - poly b t) with ((f t - poly a t) + (poly a t - poly b t)) by lra. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Lemma close_weaken f a b : close f (a ++ b) -> close f a.
Proof.
  intros [K [T [HK [HT H]]]]. destruct (close_cut a b) as [K2 [T2 [HK2 [HT2 H2]]]]. exists (K + K2), (Rmin T T2). split; [lra|].
  split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T2) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
  specialize (H t ltac:(lra)). specialize (H2 t ltac:(lra)). rewrite app_length, pow_add in H.
  replace (f t - poly a t) with ((f t - poly (a ++ b) t) + (poly (a ++ b) t - poly a t)) by lra. eapply Rle_trans; [apply Rabs_triang|].
  assert (P : t ^ length b <= 1). { rewrite <- (pow1 (length b)). apply pow_incr. lra. }
  pose proof (pow_pos t (length a) ltac:(lra)). pose proof (pow_pos t (length b) ltac:(lra)).
  assert (K * (t ^ length a * t ^ length b) <= K * (t ^ length a * 1)) by (apply Rmult_le_compat_l; auto; apply Rmult_le_compat_l; lra). lra.
Qed.

Lemma close_shift f a : close f a -> close (fun t => t * f t) (C.shift a).
Proof.
  intros H. destruct (shift_cut a) as [b Hb]. apply (close_weaken _ _ b). rewrite <- Hb.
  apply (close_ext (fun t => Q2R 0 + t * f t)); [intros; rewrite Q2R_0; lra|]. now apply close_cons.
Qed.

Lemma smul_length a b : length (C.smul a b) = length b.
Proof. induction a as [|c a IH]; simpl; [rewrite tmap_map; apply map_length|]. rewrite sadd_length; rewrite ?sscale_length; auto. now rewrite shift_length. Qed.

Lemma poly_zeros (b : list Q) t : poly (map (fun _ => 0#1)%Q b) t = 0.
Proof. induction b; simpl; auto. rewrite IHb. unfold Q2R. simpl. lra. Qed.

Lemma close_poly_mul g b : close g b -> forall a, close (fun t => poly a t * g t) (C.smul a b).
Proof.
  intros Hg. induction a as [|c a IH]; simpl.
  - rewrite tmap_map. apply (close_ext (poly (map (fun _ => 0#1)%Q b))); [intros; rewrite poly_zeros; lra|]. apply close_poly.
  - apply (close_ext (fun t => Q2R c * g t + t * (poly a t * g t))); [intros; lra|]. apply close_add.
    + now rewrite shift_length, smul_length, sscale_length. + now apply close_scale. + now apply close_shift.
Qed.

Lemma close_mul f g a b : length a = length b -> close f a -> close g b -> close (fun t => f t * g t) (C.smul a b).
Proof.
  intros L Hf Hg. destruct (close_poly_mul g b Hg a) as [K [T [HK [HT H]]]]. destruct Hf as [K1 [T1 [HK1 [HT1 H1]]]]. destruct Hg as [K2 [T2 [HK2 [HT2 H2]]]].
  destruct (poly_bounded b) as [B [HB HBd]].
  exists (K1 * (B + K2) + K), (Rmin T (Rmin T1 T2)). split. { assert (0 <= K1 * (B + K2)) by (apply Rmult_le_pos; lra). lra. }
  split. { split; [repeat apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]).
  assert (A1 : t < T1) by (eapply Rlt_le_trans; [exact Ht2|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
  assert (A2 : t < T2) by (eapply Rlt_le_trans; [exact Ht2|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_r]).
  specialize (H t ltac:(lra)). specialize (H1 t ltac:(lra)). specialize (H2 t ltac:(lra)). specialize (HBd t ltac:(lra)). rewrite smul_length in *. rewrite L in H1.
  assert (PW : 0 < t ^ length b <= 1). { split; [apply pow_lt; lra|]. rewrite <- (pow1 (length b)). apply pow_incr. lra. }
  assert (GB : Rabs (g t) <= B + K2).
  { replace (g t) with (poly b t + (g t - poly b t)) by lra. eapply Rle_trans; [apply Rabs_triang|]. assert (K2 * t ^ length b <= K2 * 1) by (apply Rmult_le_compat_l; lra). lra. }
  replace (f t * g t - poly (C.smul a b) t) with ((f t - poly a t) * g t + (poly a t * g t - poly (C.smul a b) t)) by lra.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, Rmult_plus_distr_r. apply Rplus_le_compat; auto.
  replace (K1 * (B + K2) * t ^ length b) with (K1 * t ^ length b * (B + K2)) by lra. apply Rmult_le_compat; auto using Rabs_pos.
Qed.

Lemma poly_constant like c t : like <> [] -> poly (C.constant_series like c) t = Q2R c.
Proof. destruct like as [|z r]; [congruence|]. intros _. unfold C.constant_series. rewrite tmap_map. cbn [poly]. rewrite poly_zeros. lra. Qed.
Lemma constant_length like c : length (C.constant_series like c) = length like.
Proof. destruct like; simpl; auto. rewrite tmap_map, map_length. auto. Qed.
Lemma close_constant like c : like <> [] -> close (fun _ => Q2R c) (C.constant_series like c).
Proof. intros H. apply (close_ext (poly (C.constant_series like c))); [intros; now apply poly_constant|]. apply close_poly. Qed.

(* ---- Where a function goes from its value at 0 ---- *)
Lemma small_tail K T (f : R -> R) : 0 <= K -> 0 < T -> forall eta, 0 < eta -> exists T', 0 < T' <= T /\ T' <= 1 /\ forall t, 0 < t < T' -> K * t < eta.
Proof.
  intros HK HT eta He. exists (Rmin (Rmin T 1) (eta / (K + 1))). assert (0 < eta / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  split. { split; [repeat apply Rmin_glb_lt; lra|]. eapply Rle_trans; [apply Rmin_l|apply Rmin_l]. }
  split. { eapply Rle_trans; [apply Rmin_l|apply Rmin_r]. }
  intros t [H1 H2]. assert (t < eta / (K + 1)) by (eapply Rlt_le_trans; [exact H2|apply Rmin_r]).
  assert (t * (K + 1) < eta). { apply (Rmult_lt_compat_r (K + 1)) in H0; [|lra]. unfold Rdiv in H0. rewrite Rmult_assoc, Rinv_l in H0; lra. } lra.
Qed.

Lemma close_tends f c a : close f (c :: a) -> forall eta, 0 < eta -> exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> Rabs (f t - Q2R c) < eta.
Proof.
  intros [K [T [HK [HT H]]]] eta He. destruct (poly_bounded a) as [B [HB HBd]].
  destruct (small_tail (K + B) T f ltac:(lra) ltac:(lra) eta He) as [T' [A1 [A2 A3]]]. exists T'. split; [lra|]. intros t Ht.
  specialize (H t ltac:(lra)). specialize (HBd t ltac:(lra)). simpl in H. eapply Rle_lt_trans; [|apply (A3 t Ht)].
  replace (f t - Q2R c) with ((f t - (Q2R c + t * poly a t)) + t * poly a t) by lra. eapply Rle_trans; [apply Rabs_triang|]. rewrite (Rabs_mult t), (Rabs_right t) by lra.
  assert (P : t ^ length a <= 1). { rewrite <- (pow1 (length a)). apply pow_incr. lra. }
  assert (K * (t * t ^ length a) <= K * (t * 1)) by (apply Rmult_le_compat_l; auto; apply Rmult_le_compat_l; lra).
  assert (t * Rabs (poly a t) <= t * B) by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* The sign of f - f(0) for small t > 0, or f - f(0) = O(t^m). *)
Definition goes (f : R -> R) (z : R) (m : nat) (side : comparison) : Prop :=
  match side with
  | Gt => exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> z < f t
  | Lt => exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> f t < z
  | Eq => exists K T, 0 <= K /\ 0 < T <= 1 /\ forall t, 0 < t < T -> Rabs (f t - z) <= K * t ^ m
  end.

Lemma lead_sign_goes a : forall f, close f a -> goes f 0 (length a) (C.lead_sign a).
Proof.
  induction a as [|c a IH]; intros f H; cbn [C.lead_sign].
  - destruct H as [K [T [HK [HT H]]]]. exists K, T. split; auto.
  - destruct (Z.eqb_spec (Qnum c) 0) as [E|E].
    + assert (C0 : Q2R c = 0). { destruct c as [n d]. simpl in E. subst n. rewrite Q2R_make. apply real_0. }
      assert (Hd : close (fun t => f t / t) a).
      { destruct H as [K [T [HK [HT H]]]]. exists K, T. split; auto. split; auto. intros t Ht. specialize (H t Ht). simpl in H. rewrite C0 in H.
        assert (t * Rabs (f t / t - poly a t) <= t * (K * t ^ length a)).
        { rewrite <- (Rabs_right t) at 1 by lra. rewrite <- Rabs_mult. replace (t * (f t / t - poly a t)) with (f t - (0 + t * poly a t)) by (field; lra). lra. }
        apply (Rmult_le_reg_l t); lra. }
      specialize (IH _ Hd). destruct (C.lead_sign a); simpl in *.
      * destruct IH as [K [T [HK [HT IH]]]]. exists K, T. split; auto. split; auto. intros t Ht. specialize (IH t Ht). rewrite Rminus_0_r in *.
        replace (f t) with (t * (f t / t)) by (field; lra). rewrite Rabs_mult, (Rabs_right t) by lra. replace (K * (t * t ^ length a)) with (t * (K * t ^ length a)) by lra. apply Rmult_le_compat_l; lra.
      * destruct IH as [T [HT IH]]. exists T. split; auto. intros t Ht. specialize (IH t Ht). replace (f t) with (t * (f t / t)) by (field; lra). assert (0 < t * - (f t / t)) by (apply Rmult_lt_0_compat; lra). lra.
      * destruct IH as [T [HT IH]]. exists T. split; auto. intros t Ht. specialize (IH t Ht). replace (f t) with (t * (f t / t)) by (field; lra). apply Rmult_lt_0_compat; lra.
    + assert (C0 : Q2R c <> 0). { destruct c as [n d]. rewrite Q2R_make. intros F. apply E. simpl. now apply real_eq_0 in F. }
      destruct (close_tends f c a H (Rabs (Q2R c)) ltac:(now apply Rabs_pos_lt)) as [T [HT HT2]].
      destruct (Z.ltb_spec (Qnum c) 0) as [L|L]; exists T; split; auto; intros t Ht; specialize (HT2 t Ht); destruct c as [n d]; simpl in L; rewrite Q2R_make in *.
      * assert (real d n < real d 0) by (apply compare_real; nia). rewrite real_0 in H0. rewrite (Rabs_left (real d n)) in HT2 by lra. apply Rabs_def2 in HT2. lra.
      * assert (real d 0 < real d n). { apply compare_real. simpl in E. nia. } rewrite real_0 in H0. rewrite (Rabs_right (real d n)) in HT2 by lra. apply Rabs_def2 in HT2. lra.
Qed.

Lemma close_minus_constant f c a : close f (c :: a) -> close (fun t => f t - Q2R c) (0%Q :: a).
Proof.
  intros [K [T [HK [HT H]]]]. exists K, T. split; auto. split; auto. intros t Ht. specialize (H t Ht). simpl in *. rewrite Q2R_0.
  replace (f t - Q2R c - (0 + t * poly a t)) with (f t - (Q2R c + t * poly a t)) by lra. exact H.
Qed.

Lemma series_goes f c a : close f (c :: a) -> goes f (Q2R c) (length (c :: a)) (C.lead_sign a).
Proof.
  intros H. pose proof (lead_sign_goes _ _ (close_minus_constant _ _ _ H)) as G. cbn [C.lead_sign Qnum] in G. simpl in G |- *. destruct (C.lead_sign a); simpl in *.
  - destruct G as [K [T [A [B G]]]]. exists K, T. split; auto. split; auto. intros t Ht. specialize (G t Ht). now rewrite Rminus_0_r in G.
  - destruct G as [T [A G]]. exists T. split; auto. intros t Ht. specialize (G t Ht). lra.
  - destruct G as [T [A G]]. exists T. split; auto. intros t Ht. specialize (G t Ht). lra.
Qed.
