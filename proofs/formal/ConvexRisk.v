(* Where the predictions are linear in time the risk is convex in time (losses.md). *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums Convex Steps.
Import ListNotations.
Open Scope R_scope.

(* A convex loss has a subgradient everywhere. *)
Lemma subdifferential_exists ks : forall t0 q u, convex_from t0 q ks -> exists rho, subdifferential q ks u rho.
Proof.
  induction ks as [|[t q'] ks IH]; intros t0 q u H; simpl in *; [eauto|]. destruct H as [_ [_ [_ [S C]]]].
  destruct (Rtotal_order u t) as [L|[L|L]]; [eauto|exists (slope q t); right; left; split; [auto|lra]|].
  destruct (IH (Some t) q' u C) as [rho Hr]. exists rho. auto.
Qed.

Lemma term_slopes_exist l right : convex l -> forall f y, length y = length f -> exists rho, term_slopes l right f y rho.
Proof.
  intros C. induction f as [|a f IH]; intros [|b y] L; simpl in L; try discriminate. { exists []. exact I. }
  destruct (IH y ltac:(lia)) as [rho Hr].
  assert (G : exists r, term_slope l right a b r).
  { unfold term_slope, slope_at. destruct (gap_of l); try (eapply subdifferential_exists; exact C). destruct (Req_EM_T b 1); [eauto|eapply subdifferential_exists; exact C]. }
  destruct G as [r Hr']. exists (r :: rho). split; auto.
Qed.

Lemma dot_mix_r t : forall u f f', length f = length f' -> dot u (mix_list t f f') = mix t (dot u f) (dot u f').
Proof. intros u f f' L. rewrite dot_comm, dot_mix by auto. now rewrite (dot_comm f), (dot_comm f'). Qed.

Lemma loss_convex l t f f' y : convex l -> 0 <= t <= 1 -> length f = length y -> length f' = length y ->
  loss_of l (mix_list t f f') y <= mix t (loss_of l f y) (loss_of l f' y).
Proof.
  intros C Ht L L'. set (g := mix_list t f f'). assert (LG : length g = length y) by (unfold g, mix_list; rewrite zip_length; lia).
  destruct (term_slopes_exist l (dot g y) C g y ltac:(lia)) as [rho Hr].
  pose proof (loss_subgradient l g y rho f C Hr ltac:(lia)) as A. pose proof (loss_subgradient l g y rho f' C Hr ltac:(lia)) as B.
  set (s := spread (gap_of l) rho y) in *. assert (E : dot s g = mix t (dot s f) (dot s f')) by (apply dot_mix_r; lia). rewrite E in A, B. unfold mix in *.
  apply (Rmult_le_compat_l (1 - t)) in A; [|lra]. apply (Rmult_le_compat_l t) in B; [|lra]. lra.
Qed.

Theorem risk_convex p ls ls' ms t : convex (loss_on p) -> 0 <= scale p -> 0 <= t <= 1 ->
  (forall s, In s (data p) -> 0 <= weight s
     /\ length (predict (activation_of p) ls (inputs s)) = length (targets s) /\ length (predict (activation_of p) ls' (inputs s)) = length (targets s)
     /\ predict (activation_of p) ms (inputs s) = mix_list t (predict (activation_of p) ls (inputs s)) (predict (activation_of p) ls' (inputs s))) ->
  risk p ms <= mix t (risk p ls) (risk p ls').
Proof.
  intros C Hs Ht H. unfold risk.
  assert (G : total p ms (data p) <= mix t (total p ls (data p)) (total p ls' (data p))).
  { induction (data p) as [|s d IH]; simpl; [unfold mix; lra|]. destruct (H s (or_introl eq_refl)) as [W [L [L' E]]]. rewrite E.
    pose proof (loss_convex (loss_on p) t _ _ _ C Ht L L') as Q. apply (Rmult_le_compat_l (weight s)) in Q; auto.
    specialize (IH (fun s' Hs' => H s' (or_intror Hs'))). unfold mix in *. lra. }
  apply (Rmult_le_compat_l (scale p)) in G; auto. unfold mix in *. lra.
Qed.

Lemma mix_below t a b c : 0 <= t <= 1 -> a <= c -> b <= c -> mix t a b <= c.
Proof.
  intros Ht A B. unfold mix. assert (0 <= (1 - t) * (c - a)) by (apply Rmult_le_pos; lra). assert (0 <= t * (c - b)) by (apply Rmult_le_pos; lra). lra.
Qed.
