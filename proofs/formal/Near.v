(* Neighbourhoods of parameters, and the continuity of a network in them. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums.
Import ListNotations.
Open Scope R_scope.

(* ---- neighbourhoods ---- *)
Lemma near_list_refl e u : 0 < e -> near_list e u u.
Proof. intros He. induction u; constructor; auto. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. auto. Qed.

Lemma near_list_mono e e' u v : e <= e' -> near_list e u v -> near_list e' u v.
Proof. intros He H. induction H; constructor; auto; lra. Qed.

Lemma near_bias_mono e e' u v : e <= e' -> near_bias e u v -> near_bias e' u v.
Proof. destruct u, v; simpl; auto. apply near_list_mono. Qed.

Lemma near_layer_mono e e' u v : e <= e' -> near_layer e u v -> near_layer e' u v.
Proof.
  intros He [H1 H2]. split; [|now apply (near_bias_mono e)].
  induction H1; constructor; auto. now apply (near_list_mono e).
Qed.

Lemma near_mono e e' u v : e <= e' -> near e u v -> near e' u v.
Proof. intros He H. induction H; constructor; auto. now apply (near_layer_mono e). Qed.

Lemma near_layer_refl e l : 0 < e -> near_layer e l l.
Proof.
  intros He. split.
  - induction (weights l); constructor; auto. now apply near_list_refl.
  - unfold near_bias. destruct (bias l); auto. now apply near_list_refl.
Qed.

Lemma near_refl e ls : 0 < e -> near e ls ls.
Proof. intros He. induction ls; constructor; auto. now apply near_layer_refl. Qed.

Ltac mins := repeat (apply Rmin_glb_lt); auto.

(* ---- continuity ---- *)
Lemma mult_near a b eta : 0 < eta -> exists e, 0 < e /\
  forall a' b', Rabs (a' - a) < e -> Rabs (b' - b) < e -> Rabs (a' * b' - a * b) < eta.
Proof.
  intros He. set (m := Rabs a + Rabs b + 2).
  assert (0 < m) by (unfold m; pose proof (Rabs_pos a); pose proof (Rabs_pos b); lra).
  exists (Rmin 1 (eta / m)). assert (0 < eta / m) by (now apply Rdiv_lt_0_compat). split; [mins; lra|].
  intros a' b' Ha Hb.
  assert (A1 : Rabs (a' - a) < 1) by (eapply Rlt_le_trans; [apply Ha|apply Rmin_l]).
  assert (A2 : Rabs (a' - a) < eta / m) by (eapply Rlt_le_trans; [apply Ha|apply Rmin_r]).
  assert (B2 : Rabs (b' - b) < eta / m) by (eapply Rlt_le_trans; [apply Hb|apply Rmin_r]).
  replace (a' * b' - a * b) with ((a' - a) * (b' - b) + (a * (b' - b) + b * (a' - a))) by lra.
  eapply Rle_lt_trans; [apply Rabs_triang|]. eapply Rle_lt_trans; [apply Rplus_le_compat_l, Rabs_triang|].
  rewrite !Rabs_mult. set (d := eta / m) in *.
  assert (Hd : d * m = eta) by (unfold d; field; lra).
  pose proof (Rabs_pos a). pose proof (Rabs_pos b). pose proof (Rabs_pos (a' - a)). pose proof (Rabs_pos (b' - b)).
  unfold m in Hd. nra.
Qed.

Lemma dot_near : forall w x eta, 0 < eta -> exists e, 0 < e /\
  forall w' x', near_list e w w' -> near_list e x x' -> Rabs (dot w' x' - dot w x) < eta.
Proof.
  induction w as [|a w IH]; intros x eta He.
  - exists 1. split; [lra|]. intros w' x' Hw _. inversion Hw. simpl. rewrite Rminus_0_r, Rabs_R0. lra.
  - destruct x as [|b x].
    + exists 1. split; [lra|]. intros w' x' _ Hx. inversion Hx. rewrite dot_nil_r. simpl. rewrite Rminus_0_r, Rabs_R0. lra.
    + destruct (IH x (eta / 2)) as [e1 [H1 P1]]; [lra|].
      destruct (mult_near a b (eta / 2)) as [e2 [H2 P2]]; [lra|].
      exists (Rmin e1 e2). split; [mins|]. intros w' x' Hw Hx.
      inversion Hw as [|? a' ? w'' Ha Hw' E1 E2]; subst. inversion Hx as [|? b' ? x'' Hb Hx' E1 E2]; subst. simpl.
      replace (a' * b' + dot w'' x'' - (a * b + dot w x)) with ((a' * b' - a * b) + (dot w'' x'' - dot w x)) by lra.
      eapply Rle_lt_trans; [apply Rabs_triang|].
      assert (Rabs (a' * b' - a * b) < eta / 2).
      { apply P2; eapply Rlt_le_trans; eauto; apply Rmin_r. }
      assert (Rabs (dot w'' x'' - dot w x) < eta / 2).
      { apply P1; eapply near_list_mono; eauto; apply Rmin_l. }
      lra.
Qed.

Lemma rows_near : forall W x eta, 0 < eta -> exists e, 0 < e /\
  forall W' x', Forall2 (near_list e) W W' -> near_list e x x' ->
  near_list eta (map (fun w => dot w x) W) (map (fun w => dot w x') W').
Proof.
  induction W as [|w W IH]; intros x eta He.
  - exists 1. split; [lra|]. intros W' x' H _. inversion H. constructor.
  - destruct (IH x eta He) as [e1 [H1 P1]]. destruct (dot_near w x eta He) as [e2 [H2 P2]].
    exists (Rmin e1 e2). split; [mins|]. intros W' x' HW Hx. inversion HW as [|? w' ? W'' Hw HW']; subst. simpl. constructor.
    + apply P2; eapply near_list_mono; eauto; apply Rmin_r.
    + apply P1.
      * clear - HW'. induction HW'; constructor; auto. eapply near_list_mono; eauto; apply Rmin_l.
      * eapply near_list_mono; eauto; apply Rmin_l.
Qed.

Lemma add_bias_near e b b' z z' : 0 < e -> near_list (e / 2) b b' -> near_list (e / 2) z z' -> near_list e (add_bias b z) (add_bias b' z').
Proof.
  intros He Hb. revert z z'. induction Hb as [|c c' b b' Hc Hb IH]; intros z z' Hz.
  - simpl. eapply near_list_mono; eauto; lra.
  - inversion Hz as [|y y' z0 z0' Hy Hz']; subst; simpl; constructor; auto.
    + replace (y' + c' - (y + c)) with ((y' - y) + (c' - c)) by lra. eapply Rle_lt_trans; [apply Rabs_triang|]. lra.
    + now apply IH.
Qed.

Lemma affine_near l x eta : 0 < eta -> exists e, 0 < e /\
  forall l' x', near_layer e l l' -> near_list e x x' -> near_list eta (affine l x) (affine l' x').
Proof.
  intros He. destruct (rows_near (weights l) x (eta / 2)) as [e [H P]]; [lra|].
  exists (Rmin e (eta / 2)). split; [mins; lra|]. intros l' x' [HW Hb] Hx.
  assert (G : near_list (eta / 2) (map (fun w => dot w x) (weights l)) (map (fun w => dot w x') (weights l'))).
  { apply P.
    - clear - HW. induction HW; constructor; auto. eapply near_list_mono; eauto; apply Rmin_l.
    - eapply near_list_mono; eauto; apply Rmin_l. }
  unfold affine. unfold near_bias in Hb. destruct (bias l), (bias l'); try tauto.
  - apply add_bias_near; auto. eapply near_list_mono; eauto; apply Rmin_r.
  - eapply near_list_mono; eauto; lra.
Qed.

Lemma positive_part_lipschitz a b : Rabs (positive_part a - positive_part b) <= Rabs (a - b).
Proof. unfold positive_part, Rmax, Rabs. destruct (Rle_dec 0 a), (Rle_dec 0 b); repeat destruct Rcase_abs; lra. Qed.

Lemma bent_lipschitz ks : forall a, exists K, 0 <= K /\ forall z z', Rabs (bent a ks z' - bent a ks z) <= K * Rabs (z' - z).
Proof.
  induction ks as [|[t b] ks IH]; intros a.
  - exists 0. split; [lra|]. intros. simpl. rewrite Rminus_0_r, Rabs_R0. lra.
  - destruct (IH b) as [K [HK P]]. exists (Rabs (b - a) + K). split; [pose proof (Rabs_pos (b - a)); lra|].
    intros z z'. simpl.
    match goal with |- Rabs ?X <= _ => replace X with ((b - a) * (positive_part (z' - t) - positive_part (z - t)) + (bent b ks z' - bent b ks z)) by lra end.
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, Rmult_plus_distr_r. apply Rplus_le_compat; auto.
    apply Rmult_le_compat_l; [apply Rabs_pos|].
    eapply Rle_trans; [apply positive_part_lipschitz|]. right. f_equal. lra.
Qed.

Lemma act_lipschitz h : exists K, 0 < K /\ forall z z', Rabs (act h z' - act h z) <= K * Rabs (z' - z).
Proof.
  destruct (bent_lipschitz (bends h) (first_slope h)) as [K [HK P]]. exists (Rabs (first_slope h) + K + 1).
  split; [pose proof (Rabs_pos (first_slope h)); lra|]. intros z z'. unfold act.
  match goal with |- Rabs ?X <= _ => replace X with (first_slope h * (z' - z) + (bent (first_slope h) (bends h) z' - bent (first_slope h) (bends h) z)) by lra end.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult. specialize (P z z'). pose proof (Rabs_pos (z' - z)). nra.
Qed.

Lemma map_act_near h eta : 0 < eta -> exists e, 0 < e /\
  forall z z', near_list e z z' -> near_list eta (map (act h) z) (map (act h) z').
Proof.
  intros He. destruct (act_lipschitz h) as [K [HK P]]. exists (eta / K). split; [now apply Rdiv_lt_0_compat|].
  intros z z' H. induction H as [|a b z z' Hab Hz IH]; simpl; constructor; auto.
  eapply Rle_lt_trans; [apply P|]. replace eta with (K * (eta / K)) by (field; lra). now apply Rmult_lt_compat_l.
Qed.

Lemma near_lengths e u v : near_list e u v -> length u = length v.
Proof. apply Forall2_len. Qed.

Lemma affine_length l l' e x x' : near_layer e l l' -> length (affine l x) = length (affine l' x').
Proof.
  intros [HW Hb]. unfold affine.
  assert (HL : length (weights l) = length (weights l')) by (eapply Forall2_len; eauto).
  assert (G : forall b z, length (add_bias b z) = length z) by (induction b; intros [|]; simpl; auto).
  destruct (bias l), (bias l'); rewrite ?G, !map_length; auto.
Qed.

Lemma predict_length h e : forall ls ls' x x', near e ls ls' -> length x = length x' -> length (predict h ls x) = length (predict h ls' x').
Proof.
  induction ls as [|l ls IH]; intros ls' x x' Hl Hx; inversion Hl as [|? l' ? rest Hll Hrest]; subst; simpl; auto.
  destruct ls; inversion Hrest; subst. { eapply affine_length; eauto. }
  apply (IH (_ :: _)); auto. rewrite !map_length. eapply affine_length; eauto.
Qed.
