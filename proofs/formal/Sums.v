(* Sums over lists, and what the linear parts of a network do to them. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network.
Import ListNotations.
Open Scope R_scope.

Section Sums.
Context {A : Type}.

Fixpoint sum (S : list A) (f : A -> R) : R := match S with [] => 0 | s :: S' => f s + sum S' f end.

Lemma sum_ext S f g : (forall s, In s S -> f s = g s) -> sum S f = sum S g.
Proof. induction S; intros H; simpl; auto. rewrite H, IHS; simpl; auto. intros; apply H; simpl; auto. Qed.

Lemma sum_plus S f g : sum S (fun s => f s + g s) = sum S f + sum S g.
Proof. induction S; simpl; [|rewrite IHS]; lra. Qed.

Lemma sum_scal S c f : sum S (fun s => c * f s) = c * sum S f.
Proof. induction S; simpl; [|rewrite IHS]; lra. Qed.

Lemma sum_zero S : sum S (fun _ => 0) = 0.
Proof. induction S; simpl; lra. Qed.

Lemma sum_0 S f : (forall s, In s S -> f s = 0) -> sum S f = 0.
Proof. intros. rewrite (sum_ext _ _ (fun _ => 0)); auto using sum_zero. Qed.

Lemma sum_le S f g : (forall s, In s S -> f s <= g s) -> sum S f <= sum S g.
Proof.
  induction S; intros H; simpl. lra. pose proof (H a (or_introl eq_refl)).
  assert (sum S f <= sum S g) by (apply IHS; intros; apply H; simpl; auto). lra.
Qed.

Lemma sum_filter S (p : A -> bool) f : (forall s, In s S -> p s = false -> f s = 0) -> sum (filter p S) f = sum S f.
Proof.
  induction S as [|s S IH]; intros H; simpl; auto. destruct (p s) eqn:E; simpl.
  - rewrite IH; auto. intros; apply H; simpl; auto.
  - rewrite IH by (intros; apply H; simpl; auto). rewrite (H s); simpl; auto. lra.
Qed.
End Sums.

Lemma sum_map {A B} (S : list A) (g : A -> B) (f : B -> R) : sum (map g S) f = sum S (fun s => f (g s)).
Proof. induction S; simpl; [|rewrite IHS]; auto. Qed.

Lemma sum_swap {A B} (S : list A) (T : list B) f :
  sum S (fun s => sum T (fun t => f s t)) = sum T (fun t => sum S (fun s => f s t)).
Proof. induction S; simpl. now rewrite sum_zero. rewrite IHS, sum_plus. reflexivity. Qed.

Lemma dot_nil_r u : dot u [] = 0. Proof. now destruct u. Qed.

Lemma dot_comm u : forall v, dot u v = dot v u.
Proof. induction u; intros [|b v]; simpl; auto. rewrite IHu. lra. Qed.

Lemma dot_map {A} (S : list A) (f g : A -> R) : dot (map f S) (map g S) = sum S (fun s => f s * g s).
Proof. induction S; simpl; [|rewrite IHS]; auto. Qed.

Lemma dot_scal c u : forall v, dot (map (Rmult c) u) v = c * dot u v.
Proof. induction u; intros [|b v]; simpl; try lra. rewrite IHu. lra. Qed.

(* Sum over samples of v times a linear function of what is read. *)
Lemma sum_dot {A} (S : list A) (v : A -> R) : forall w (X : A -> list R),
  (forall p, sum S (fun s => v s * nth p (X s) 0) = 0) -> sum S (fun s => v s * dot w (X s)) = 0.
Proof.
  induction w as [|a w IH]; intros X H; simpl.
  - apply sum_0; intros; lra.
  - rewrite (sum_ext _ _ (fun s => a * (v s * nth 0 (X s) 0) + v s * dot w (tl (X s)))).
    + rewrite sum_plus, sum_scal, H, IH. lra.
      intros p. rewrite (sum_ext _ _ (fun s => v s * nth (Datatypes.S p) (X s) 0)); auto.
      intros s _. destruct (X s); simpl; auto. destruct p; auto.
    + intros s _. destruct (X s); simpl; [rewrite dot_nil_r|]; lra.
Qed.

Lemma dot_nth n : forall u v, (length u <= n)%nat -> dot u v = sum (seq 0 n) (fun k => nth k u 0 * nth k v 0).
Proof.
  assert (G : forall n m u v, (length u <= n)%nat -> dot u v = sum (seq m n) (fun k => nth (k - m) u 0 * nth (k - m) v 0)).
  { clear. induction n; intros m u v H.
    - destruct u; simpl in *; auto; lia.
    - destruct u as [|a u].
      + simpl dot. symmetry. apply sum_0. intros k _. destruct (k - m)%nat; simpl; lra.
      + cbn [seq sum]. replace (m - m)%nat with 0%nat by lia.
        destruct v as [|b v].
        * simpl dot. symmetry. rewrite sum_0. simpl; lra. intros k _. destruct (k - m)%nat; simpl; lra.
        * cbn [dot nth]. rewrite (IHn (S m) u v) by (simpl in H; lia). f_equal.
          apply sum_ext. intros k Hk. apply in_seq in Hk.
          replace (k - m)%nat with (S (k - S m)) by lia. reflexivity. }
  intros. rewrite (G n 0%nat) by auto. apply sum_ext. intros. now rewrite Nat.sub_0_r.
Qed.

Lemma affine_nth l k : exists beta, (bias l = None -> beta = 0) /\
  forall x, nth k (affine l x) 0 = dot (nth k (weights l) []) x + beta.
Proof.
  assert (M : forall W k x, nth k (map (fun w => dot w x) W) 0 = dot (nth k W []) x).
  { intros W k' x. exact (map_nth (fun w => dot w x) W [] k'). }
  unfold affine. destruct (bias l) as [b|].
  - assert (G : forall b k W, exists beta, forall x,
       nth k (add_bias b (map (fun w => dot w x) W)) 0 = dot (nth k W []) x + beta).
    { clear - M. induction b as [|c b IH]; intros k W.
      - exists 0. intros. simpl. rewrite M. lra.
      - destruct W as [|w W]. { exists 0. intros. simpl. destruct k; simpl; lra. }
        destruct k. { exists c. intros. simpl. lra. }
        destruct (IH k W) as [beta H]. exists beta. intros. simpl. apply H. }
    destruct (G b k (weights l)) as [beta H]. exists beta. split; [discriminate|auto].
  - exists 0. split; auto. intros. rewrite M. lra.
Qed.
