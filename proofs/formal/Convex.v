(* Convex losses: the subgradient inequality, for one gap and for the loss of a sample. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums.
Import ListNotations.
Open Scope R_scope.

Definition slope (q : quadratic) (u : R) : R := let '(c0, c1, c2) := q in c1 + 2 * c2 * u.

(* Continuous at the breakpoints, which increase, and with slopes that never fall. *)
Fixpoint convex_from (t0 : option R) (q : quadratic) (ks : list (R * quadratic)) : Prop :=
  0 <= snd q /\
  match ks with
  | [] => True
  | (t, q') :: rest =>
      match t0 with None => True | Some s => s < t end
      /\ value q t = value q' t /\ slope q t <= slope q' t /\ convex_from (Some t) q' rest
  end.

(* rho lies between the slopes on the left and on the right of u. *)
Fixpoint subdifferential (q : quadratic) (ks : list (R * quadratic)) (u rho : R) : Prop :=
  match ks with
  | [] => rho = slope q u
  | (t, q') :: rest =>
      (u < t /\ rho = slope q u) \/ (u = t /\ slope q t <= rho <= slope q' t) \/ (t < u /\ subdifferential q' rest u rho)
  end.

Lemma value_tangent q u v : 0 <= snd q -> value q u + slope q u * (v - u) <= value q v.
Proof.
  destruct q as [[c0 c1] c2]. simpl. intros H. assert (0 <= c2 * ((v - u) * (v - u))) by (apply Rmult_le_pos; [auto|apply Rle_0_sqr]). lra.
Qed.

Lemma slope_grows q u v : 0 <= snd q -> u <= v -> slope q u <= slope q v.
Proof. destruct q as [[c0 c1] c2]. simpl. intros. nra. Qed.

Lemma piecewise_at_start t q ks : convex_from (Some t) q ks -> piecewise q ks t = value q t.
Proof. destruct ks as [|[t' q'] rest]; simpl; auto. intros [_ [L _]]. destruct (Rle_dec t t'); auto. lra. Qed.

Lemma subdifferential_at_start t q ks : convex_from (Some t) q ks -> subdifferential q ks t (slope q t).
Proof. destruct ks as [|[t' q'] rest]; simpl; auto. intros [_ [L _]]. auto. Qed.

Lemma convex_head t0 q ks : convex_from t0 q ks -> 0 <= snd q.
Proof. destruct ks; intros [H _]; auto. Qed.

Lemma slopes_beyond ks : forall s q u rho, convex_from (Some s) q ks -> s <= u -> subdifferential q ks u rho -> slope q s <= rho.
Proof.
  induction ks as [|[t q'] rest IH]; intros s q u rho H Hs Hr; pose proof (convex_head _ _ _ H) as P; simpl in *.
  - subst. now apply slope_grows.
  - destruct H as [_ [L [_ [S C]]]]. pose proof (slope_grows q s t P ltac:(lra)).
    destruct Hr as [[A B]|[[A B]|[A B]]].
    + subst. now apply slope_grows.
    + lra.
    + pose proof (IH t q' u rho C ltac:(lra) B). lra.
Qed.

Theorem piecewise_subgradient ks : forall t0 q u rho, convex_from t0 q ks -> subdifferential q ks u rho ->
  forall v, piecewise q ks u + rho * (v - u) <= piecewise q ks v.
Proof.
  induction ks as [|[t q'] rest IH]; intros t0 q u rho H Hr v; pose proof (convex_head _ _ _ H) as P.
  - simpl in *. subst. now apply value_tangent.
  - simpl in H, Hr. destruct H as [_ [_ [V [S C]]]]. cbn [piecewise].
    pose proof (piecewise_at_start _ _ _ C) as E0.
    assert (RIGHT : forall w, t <= w -> value q' t + slope q' t * (w - t) <= piecewise q' rest w).
    { intros w Hw. rewrite <- E0. apply (IH (Some t)); auto. now apply subdifferential_at_start. }
    destruct Hr as [[A B]|[[A B]|[A B]]].
    + destruct (Rle_dec u t); [|lra]. subst rho. destruct (Rle_dec v t).
      * now apply value_tangent.
      * pose proof (RIGHT v ltac:(lra)). pose proof (value_tangent q u t P). pose proof (slope_grows q u t P ltac:(lra)).
        assert (0 <= (slope q' t - slope q u) * (v - t)) by (apply Rmult_le_pos; lra). lra.
    + destruct (Rle_dec u t); [|lra]. subst u. destruct (Rle_dec v t).
      * pose proof (value_tangent q t v P). assert (0 <= (rho - slope q t) * (t - v)) by (apply Rmult_le_pos; lra). lra.
      * pose proof (RIGHT v ltac:(lra)). assert (0 <= (slope q' t - rho) * (v - t)) by (apply Rmult_le_pos; lra). lra.
    + destruct (Rle_dec u t); [lra|]. destruct (Rle_dec v t).
      * pose proof (IH (Some t) q' u rho C B t) as G. rewrite E0 in G.
        pose proof (slopes_beyond rest t q' u rho C (Rlt_le _ _ A) B). pose proof (value_tangent q t v P).
        assert (0 <= (rho - slope q' t) * (t - v)) by (apply Rmult_le_pos; lra).
        assert (0 <= (slope q' t - slope q t) * (t - v)) by (apply Rmult_le_pos; lra). lra.
      * now apply (IH (Some t)).
Qed.

Definition convex (l : loss) : Prop := convex_from None (first_piece l) (more_pieces l).
Definition slope_at (l : loss) (u rho : R) : Prop := subdifferential (first_piece l) (more_pieces l) u rho.

(* Slopes of the terms of a sample. *)
Definition term_slope (l : loss) (right a b rho : R) : Prop :=
  match gap_of l with
  | Difference => slope_at l (a - b) rho
  | Margin => slope_at l (b * a) rho
  | Classes => if Req_EM_T b 1 then rho = 0 else slope_at l (a - right) rho
  end.
Fixpoint term_slopes (l : loss) (right : R) (f y rho : list R) : Prop :=
  match f, y, rho with
  | [], [], [] => True
  | a :: f', b :: y', r :: rho' => term_slope l right a b r /\ term_slopes l right f' y' rho'
  | _, _, _ => False
  end.

(* The subgradient in the predictions. *)
Definition spread (g : gap) (rho y : list R) : list R :=
  match g with
  | Difference => rho
  | Margin => zip (fun r b => b * r) rho y
  | Classes => let s := sum rho (fun r => r) in zip (fun r b => r - s * b) rho y
  end.

Lemma dot_spread_classes s : forall rho y f, length rho = length y ->
  dot (zip (fun r b => r - s * b) rho y) f = dot rho f - s * dot f y.
Proof.
  induction rho as [|r rho IH]; intros [|b y] f H; simpl in *; try discriminate. { rewrite dot_nil_r. lra. }
  destruct f as [|a f]; simpl; [lra|]. rewrite IH by lia. lra.
Qed.

Lemma terms_subgradient l right right' : convex l -> forall f y rho f', term_slopes l right f y rho -> length f' = length f ->
  match gap_of l with
  | Classes => terms l right f y + (dot rho f' - dot rho f - sum rho (fun r => r) * (right' - right)) <= terms l right' f' y
  | g => terms l right f y + (dot (spread g rho y) f' - dot (spread g rho y) f) <= terms l right' f' y
  end.
Proof.
  intros C. induction f as [|a f IH]; intros y rho f' H Hl; destruct y as [|b y], rho as [|r rho]; simpl in H; try tauto.
  - destruct f'; [|discriminate]. destruct (gap_of l); simpl; lra.
  - destruct f' as [|a' f']; [discriminate|]. destruct H as [H1 H2]. specialize (IH y rho f' H2 ltac:(simpl in Hl; lia)).
    unfold term_slope in H1. destruct (gap_of l) eqn:G; simpl in *; unfold term; rewrite G.
    + pose proof (piecewise_subgradient _ _ _ _ _ C H1 (a' - b)) as Q. unfold ell. lra.
    + pose proof (piecewise_subgradient _ _ _ _ _ C H1 (b * a')) as Q. unfold ell. lra.
    + destruct (Req_EM_T b 1).
      * subst. lra.
      * pose proof (piecewise_subgradient _ _ _ _ _ C H1 (a' - right')) as Q. unfold ell. lra.
Qed.

Lemma term_slopes_lengths l right : forall f y rho, term_slopes l right f y rho -> length y = length f /\ length rho = length f.
Proof.
  induction f as [|a f IH]; intros [|b y] [|r rho] H; simpl in H; try tauto. destruct H as [_ H]. apply IH in H as [A B]. simpl. lia.
Qed.

Theorem loss_subgradient l f y rho f' : convex l -> term_slopes l (dot f y) f y rho -> length f' = length f ->
  loss_of l f y + (dot (spread (gap_of l) rho y) f' - dot (spread (gap_of l) rho y) f) <= loss_of l f' y.
Proof.
  intros C H Hl. pose proof (terms_subgradient l (dot f y) (dot f' y) C f y rho f' H Hl) as Q.
  destruct (term_slopes_lengths _ _ _ _ _ H) as [L1 L2].
  unfold loss_of. destruct (gap_of l) eqn:G; auto.
  unfold spread. rewrite !dot_spread_classes by lia. lra.
Qed.
