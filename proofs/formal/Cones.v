(* Functions g.d + sum kappa |u.d|: they are nowhere negative if they are not negative in generic directions
   (proofs/unitwise.md, lemma 4). *)
From Coq Require Import ZArith Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums Near.
Import ListNotations.
Open Scope R_scope.

Fixpoint axpy (t : R) (y x : list R) : list R := match x, y with a :: x', b :: y' => (a + t * b) :: axpy t y' x' | _, _ => [] end.

Lemma axpy_length t y : forall x, length x = length y -> length (axpy t y x) = length x.
Proof. induction y; intros [|]; simpl; auto. Qed.

Lemma dot_axpy t u : forall x y, length x = length y -> dot u (axpy t y x) = dot u x + t * dot u y.
Proof. induction u as [|a u IH]; intros [|b x] [|c y] H; simpl in *; try discriminate; try lra. rewrite IH by lia. lra. Qed.

Definition plane := (list R * R)%type.
Fixpoint folds (ps : list plane) (d : list R) : R := match ps with [] => 0 | (u, k) :: ps' => k * Rabs (dot u d) + folds ps' d end.
Definition F (g : list R) ps d := dot g d + folds ps d.

Lemma affine_nonzero a b : a <> 0 \/ b <> 0 -> exists t0, 0 < t0 /\ forall t, 0 < t < t0 -> a + t * b <> 0.
Proof.
  intros H. destruct (Req_dec a 0) as [->|Ha].
  - destruct H as [H|H]; [lra|]. exists 1. split; [lra|]. intros t Ht E. rewrite Rplus_0_l in E. apply Rmult_integral in E. lra.
  - set (M := Rabs b + 1). assert (0 < M) by (unfold M; pose proof (Rabs_pos b); lra).
    exists (Rabs a / M). split. { apply Rdiv_lt_0_compat; auto. now apply Rabs_pos_lt. }
    intros t [Ht1 Ht2] E. assert (Rabs a = t * Rabs b). { replace a with (- (t * b)) by lra. rewrite Rabs_Ropp, Rabs_mult, (Rabs_right t); lra. }
    assert (t * M < Rabs a). { apply (Rmult_lt_compat_r M) in Ht2; auto. unfold Rdiv in Ht2. rewrite Rmult_assoc, Rinv_l in Ht2; lra. }
    unfold M in *. lra.
Qed.

Lemma move_off us x y : length x = length y -> (forall u, In u us -> dot u x <> 0 \/ dot u y <> 0) ->
  exists t0, 0 < t0 /\ forall t, 0 < t < t0 -> forall u, In u us -> dot u (axpy t y x) <> 0.
Proof.
  intros Hl. induction us as [|u us IH]; intros H. { exists 1. split; [lra|]. intros ? _ ? []. }
  destruct IH as [t1 [H1 P1]]. { intros; apply H; simpl; auto. }
  destruct (affine_nonzero (dot u x) (dot u y)) as [t2 [H2 P2]]. { apply H; simpl; auto. }
  exists (Rmin t1 t2). split; [mins|]. intros t [A B] w [<-|Hw].
  - rewrite dot_axpy by auto. apply P2. split; auto. eapply Rlt_le_trans; eauto; apply Rmin_r.
  - apply P1; auto. split; auto. eapply Rlt_le_trans; eauto; apply Rmin_l.
Qed.

Lemma dot_self u : Forall (fun x => x = 0) u \/ dot u u <> 0.
Proof.
  assert (P : forall u, 0 <= dot u u). { clear. induction u; simpl; [lra|]. pose proof (Rle_0_sqr a). unfold Rsqr in *. lra. }
  induction u as [|a u IH]; [left; constructor|]. simpl. pose proof (P u).
  destruct (Req_dec a 0) as [->|Ha].
  - destruct IH as [IH|IH]; [left; now constructor|right; lra].
  - right. assert (0 < a * a) by (apply Rsqr_pos_lt; auto). lra.
Qed.

Lemma generic_direction n us : (forall u, In u us -> length u = n /\ ~ Forall (fun x => x = 0) u) ->
  exists d, length d = n /\ forall u, In u us -> dot u d <> 0.
Proof.
  induction us as [|u us IH]; intros H. { exists (repeat 0 n). split; [apply repeat_length|]. intros ? []. }
  destruct IH as [d [Hd P]]. { intros; apply H; simpl; auto. }
  destruct (H u (or_introl eq_refl)) as [Hu Nz].
  destruct (move_off (u :: us) d u) as [t [Ht Q]]; [lia| |].
  - intros w [<-|Hw]; auto. right. destruct (dot_self u); tauto.
  - exists (axpy (t / 2) u d). split. { rewrite axpy_length; lia. } intros w Hw. apply Q; auto. lra.
Qed.

(* ---- A direction beside d that lies on no hyperplane, and on no other side than d ---- *)
Definition beside (d e u : list R) : Prop := dot u e <> 0 /\ (0 < dot u e -> 0 <= dot u d) /\ (dot u e < 0 -> dot u d <= 0).
Lemma generic_beside n us d : (forall u, In u us -> length u = n /\ ~ Forall (fun x => x = 0) u) -> length d = n ->
  exists e, length e = n /\ forall u, In u us -> beside d e u.
Proof.
  intros H Hd. destruct (generic_direction n us H) as [y [Hy Py]].
  assert (G : forall us, (forall u, In u us -> dot u y <> 0) -> exists t0, 0 < t0 /\ forall t, 0 < t < t0 -> forall u, In u us -> beside d (axpy t y d) u).
  { clear - Hd Hy. induction us as [|u us IH]; intros P. { exists 1. split; [lra|]. intros ? _ ? []. }
    destruct IH as [t1 [H1 P1]]. { intros; apply P; simpl; auto. }
    pose proof (P u (or_introl eq_refl)) as Nu. set (a := dot u d). set (b := dot u y) in *.
    assert (exists t2, 0 < t2 /\ forall t, 0 < t < t2 -> a + t * b <> 0 /\ (0 < a + t * b -> 0 <= a) /\ (a + t * b < 0 -> a <= 0)) as [t2 [H2 P2]].
    { destruct (Req_dec a 0) as [->|Ha].
      - exists 1. split; [lra|]. intros t Ht. repeat split; try lra. intros F. rewrite Rplus_0_l in F. apply Rmult_integral in F. lra.
      - set (M := Rabs b + 1). assert (0 < M) by (unfold M; pose proof (Rabs_pos b); lra). exists (Rabs a / M).
        split. { apply Rdiv_lt_0_compat; auto. now apply Rabs_pos_lt. }
        intros t [Ht1 Ht2]. assert (t * M < Rabs a). { apply (Rmult_lt_compat_r M) in Ht2; auto. unfold Rdiv in Ht2. rewrite Rmult_assoc, Rinv_l in Ht2; lra. }
        assert (Q : Rabs (t * b) < Rabs a). { rewrite Rabs_mult, (Rabs_right t) by lra. unfold M in *. pose proof (Rabs_pos b). nra. }
        destruct (Rcase_abs a) as [L|L].
        + rewrite (Rabs_left a L) in Q. apply Rabs_def2 in Q. repeat split; lra.
        + rewrite (Rabs_right a L) in Q. apply Rabs_def2 in Q. repeat split; lra. }
    exists (Rmin t1 t2). split; [mins|]. intros t [A B] w [<-|Hw].
    - unfold beside. rewrite dot_axpy by congruence. fold a b. apply P2. split; auto. eapply Rlt_le_trans; eauto; apply Rmin_r.
    - apply P1; auto. split; auto. eapply Rlt_le_trans; eauto; apply Rmin_l. }
  destruct (G us Py) as [t0 [H0 P0]]. exists (axpy (t0 / 2) y d). split; [rewrite axpy_length; congruence|]. apply P0. lra.
Qed.

Lemma folds_lipschitz ps x y : length x = length y -> exists M, 0 <= M /\ forall t, 0 < t -> folds ps (axpy t y x) <= folds ps x + t * M.
Proof.
  intros Hl. induction ps as [|[u k] ps [M [HM P]]]. { exists 0. split; [lra|]. intros. simpl. lra. }
  exists (Rabs k * Rabs (dot u y) + M). split. { pose proof (Rabs_pos k). pose proof (Rabs_pos (dot u y)). nra. }
  intros t Ht. specialize (P t Ht). simpl. rewrite dot_axpy by auto.
  enough (k * Rabs (dot u x + t * dot u y) <= k * Rabs (dot u x) + t * (Rabs k * Rabs (dot u y))) by lra.
  assert (D : Rabs (Rabs (dot u x + t * dot u y) - Rabs (dot u x)) <= t * Rabs (dot u y)).
  { eapply Rle_trans; [apply Rabs_triang_inv2|]. replace (dot u x + t * dot u y - dot u x) with (t * dot u y) by lra.
    rewrite Rabs_mult, (Rabs_right t); lra. }
  assert (G : k * (Rabs (dot u x + t * dot u y) - Rabs (dot u x)) <= Rabs k * (t * Rabs (dot u y))).
  { eapply Rle_trans; [apply Rle_abs|]. rewrite Rabs_mult. apply Rmult_le_compat_l; auto. apply Rabs_pos. }
  lra.
Qed.

Lemma dense n g ps : (forall u k, In (u, k) ps -> length u = n /\ ~ Forall (fun x => x = 0) u) ->
  (forall d, length d = n -> (forall u k, In (u, k) ps -> dot u d <> 0) -> 0 <= F g ps d) ->
  forall d, length d = n -> 0 <= F g ps d.
Proof.
  intros Hps H d Hd. destruct (Rle_or_lt 0 (F g ps d)) as [L|L]; auto. exfalso.
  destruct (generic_direction n (map fst ps)) as [e [He Pe]].
  { intros u Hu. apply in_map_iff in Hu. destruct Hu as [[u' k] [<- Hu]]. simpl. now apply Hps with k. }
  destruct (move_off (map fst ps) d e) as [t0 [H0 Q]]; [lia|auto|].
  destruct (folds_lipschitz ps d e) as [M [HM P]]; [lia|].
  set (M' := Rabs (dot g e) + M + 1). assert (0 < M') by (unfold M'; pose proof (Rabs_pos (dot g e)); lra).
  set (t := Rmin (t0 / 2) (- F g ps d / (2 * M'))).
  assert (Ht : 0 < t). { unfold t. mins; [lra|]. apply Rdiv_lt_0_compat; lra. }
  assert (Ht1 : t <= t0 / 2) by apply Rmin_l.
  assert (Ht2 : t <= - F g ps d / (2 * M')) by apply Rmin_r.
  assert (G : 0 <= F g ps (axpy t e d)).
  { apply H. { rewrite axpy_length; lia. } intros u k Hu. apply (Q t); [lra|]. change u with (fst (u, k)). now apply in_map. }
  unfold F in G at 1. specialize (P t Ht). rewrite dot_axpy in G by lia.
  assert (dot g e <= Rabs (dot g e)) by apply Rle_abs.
  assert (t * M' <= - F g ps d / 2).
  { replace (- F g ps d / 2) with (- F g ps d / (2 * M') * M') by (field; lra). apply Rmult_le_compat_r; lra. }
  unfold F in *. unfold M' in *. nra.
Qed.

(* ---- The unlisted planes do not spoil the sum of the listed ones ---- *)
Lemma sum_app {A} (u v : list A) f : sum (u ++ v) f = sum u f + sum v f.
Proof. induction u; simpl; [lra|]. rewrite IHu. lra. Qed.

Lemma sum_listed {A} (f : Z * A -> R) : forall (l ps : list (Z * A)), NoDup (map fst ps) -> NoDup (map fst l) -> incl l ps ->
  (forall np, In np ps -> ~ In (fst np) (map fst l) -> 0 <= f np) -> sum l f <= sum ps f.
Proof.
  induction l as [|[n a] l IH]; intros ps Hp Hl Hi Hf; simpl.
  - assert (G : 0 <= sum ps f); [|lra]. clear - Hf. induction ps as [|q ps IH]; simpl; [lra|].
    assert (0 <= f q) by (apply Hf; simpl; auto). assert (0 <= sum ps f) by (apply IH; intros; apply Hf; simpl; auto). lra.
  - destruct (in_split (n, a) ps) as [u [v ->]]. { apply Hi. now left. }
    rewrite sum_app. simpl. inversion Hl as [|? ? N1 N2]; subst.
    assert (IHx : sum l f <= sum (u ++ v) f); [|rewrite sum_app in IHx; lra].
    rewrite map_app in Hp. cbn [map fst] in Hp. pose proof (NoDup_remove _ _ _ Hp) as [D1 D2].
    apply IH; auto.
    + now rewrite map_app.
    + intros q Hq. assert (Q : In q (u ++ (n, a) :: v)) by (apply Hi; now right). apply in_app_iff in Q. apply in_app_iff.
      destruct Q as [Q|[Q|Q]]; auto. subst q. exfalso. apply N1. apply in_map_iff. exists (n, a). auto.
    + intros q Hq Hn. apply Hf.
      * apply in_app_iff in Hq. apply in_app_iff. simpl. tauto.
      * intros [E|E]; [|tauto]. apply D2. rewrite <- map_app. apply in_map_iff. exists q. auto.
Qed.
