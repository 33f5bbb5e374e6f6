(* The path from one point to the next (proofs/claims/path.md): it is continuous, the predictions on it are linear in time,
   so the risk is convex; and the path through many points. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums Near Convex.
Import ListNotations.
Open Scope R_scope.

Definition mix (t a b : R) : R := (1 - t) * a + t * b.
Definition mix_list (t : R) : list R -> list R -> list R := zip (mix t).
Definition mix_bias (t : R) (b b' : option (list R)) : option (list R) :=
  match b, b' with Some u, Some v => Some (mix_list t u v) | _, _ => None end.

(* How far a unit with output weights v and v' at the ends has come on its own line at the time t. *)
Definition share (t v v' : R) : R := if Rlt_dec 0 (v * v') then t * v' / mix t v v' else t.

Definition mix_each {A} (f : R -> A -> A -> A) (ss : list R) (u v : list A) : list A := zip (fun s ab => f s (fst ab) (snd ab)) ss (zip pair u v).

(* One hidden layer and output weights vs, vs' of one output. *)
Definition step (l1 l1' l2 l2' : layer) (vs vs' : list R) (t : R) : list layer :=
  let ss := zip (share t) vs vs' in
  [Layer (mix_each mix_list ss (weights l1) (weights l1'))
         (match bias l1, bias l1' with Some b, Some b' => Some (mix_each mix ss b b') | _, _ => None end);
   Layer [mix_list t vs vs'] (mix_bias t (bias l2) (bias l2'))].

(* ---- One unit ---- *)
Lemma share_range t v v' : 0 <= t <= 1 -> 0 <= share t v v' <= 1.
Proof.
  intros Ht. unfold share, mix. destruct (Rlt_dec 0 (v * v')) as [P|]; auto.
  assert (G : forall a b, 0 < a -> 0 < b -> 0 <= t * b / ((1 - t) * a + t * b) <= 1).
  { intros a b Ha Hb. assert (D : 0 < (1 - t) * a + t * b).
    { destruct (Req_dec t 0) as [->|N]; [lra|]. assert (0 < t * b) by (apply Rmult_lt_0_compat; lra). assert (0 <= (1 - t) * a) by (apply Rmult_le_pos; lra). lra. }
    split; [apply Rmult_le_pos; [apply Rmult_le_pos; lra|left; now apply Rinv_0_lt_compat]|].
    apply (Rmult_le_reg_r ((1 - t) * a + t * b)); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_1_l by lra.
    assert (0 <= (1 - t) * a) by (apply Rmult_le_pos; lra). lra. }
  destruct (Rtotal_order v 0) as [N|[N|N]]; [|subst; lra|].
  - assert (v' < 0) by nra. replace (t * v' / ((1 - t) * v + t * v')) with (t * - v' / ((1 - t) * - v + t * - v')); [apply G; lra|].
    assert ((1 - t) * v + t * v' <> 0). { destruct (Req_dec t 0) as [->|M]; [lra|]. assert (0 < t * - v') by (apply Rmult_lt_0_compat; lra). assert (0 <= (1 - t) * - v) by (apply Rmult_le_pos; lra). lra. }
    field. split; lra.
  - assert (0 < v') by nra. apply G; lra.
Qed.

Lemma mix_not_0 t v v' : 0 <= t <= 1 -> 0 < v * v' -> Rmin (Rabs v) (Rabs v') <= Rabs (mix t v v').
Proof.
  intros Ht P. unfold mix.
  assert (G : forall a b, 0 < a -> 0 < b -> Rmin a b <= (1 - t) * a + t * b).
  { intros a b Ha Hb. unfold Rmin. destruct (Rle_dec a b).
    - assert (0 <= t * (b - a)) by (apply Rmult_le_pos; lra). lra.
    - assert (0 <= (1 - t) * (a - b)) by (apply Rmult_le_pos; lra). lra. }
  destruct (Rtotal_order v 0) as [N|[N|N]]; [|subst; lra|].
  - assert (v' < 0) by nra. rewrite !(Rabs_left v), !(Rabs_left v') by lra. rewrite <- Rabs_Ropp.
    specialize (G (- v) (- v') ltac:(lra) ltac:(lra)). eapply Rle_trans; [exact G|]. eapply Rle_trans; [|apply Rle_abs]. lra.
  - assert (0 < v') by nra. rewrite !(Rabs_right v), !(Rabs_right v') by lra. eapply Rle_trans; [apply (G v v'); lra|apply Rle_abs].
Qed.

Lemma bent_mix ks s z z' : (forall t b, In (t, b) ks -> (z <= t /\ z' <= t) \/ (t <= z /\ t <= z')) -> 0 <= s <= 1 ->
  forall a, bent a ks (mix s z z') = mix s (bent a ks z) (bent a ks z').
Proof.
  intros H Hs. induction ks as [|[t b] ks IH]; intros a; simpl; [unfold mix; lra|]. rewrite IH by (intros; apply (H t0 b0); simpl; auto).
  assert (P : positive_part (mix s z z' - t) = mix s (positive_part (z - t)) (positive_part (z' - t))); [|rewrite P; unfold mix; lra].
  unfold positive_part, mix. destruct (H t b (or_introl eq_refl)) as [[A B]|[A B]].
  - rewrite !Rmax_left; try lra. assert (0 <= (1 - s) * (t - z)) by (apply Rmult_le_pos; lra). assert (0 <= s * (t - z')) by (apply Rmult_le_pos; lra). lra.
  - rewrite !Rmax_right; try lra. assert (0 <= (1 - s) * (z - t)) by (apply Rmult_le_pos; lra). assert (0 <= s * (z' - t)) by (apply Rmult_le_pos; lra). lra.
Qed.

(* The unit is off at both ends, or its pre-activation is the same, or it keeps its sign and its piece. *)
Definition steady (h : activation) (v v' z z' : R) : Prop :=
  (v = 0 /\ v' = 0) \/ z = z' \/ (0 < v * v' /\ forall t b, In (t, b) (bends h) -> (z <= t /\ z' <= t) \/ (t <= z /\ t <= z')).

Lemma unit_linear h v v' z z' t : steady h v v' z z' -> 0 <= t <= 1 ->
  mix t v v' * act h (mix (share t v v') z z') = mix t (v * act h z) (v' * act h z').
Proof.
  intros H Ht. destruct H as [[-> ->]|[<-|[P H]]].
  - unfold mix. lra.
  - replace (mix (share t v v') z z) with z by (unfold mix; lra). unfold mix. lra.
  - pose proof (share_range t v v' Ht) as S. unfold act. rewrite (bent_mix (bends h) _ z z' H S).
    assert (N : mix t v v' <> 0).
    { intros E. pose proof (mix_not_0 t v v' Ht P) as Q. rewrite E, Rabs_R0 in Q. unfold Rmin in Q.
      assert (v <> 0) by (intros ->; lra). assert (v' <> 0) by (intros ->; lra).
      pose proof (Rabs_pos_lt v H0). pose proof (Rabs_pos_lt v' H1). destruct (Rle_dec (Rabs v) (Rabs v')); lra. }
    assert (E : mix t v v' * share t v v' = t * v'). { unfold share. destruct (Rlt_dec 0 (v * v')); [field; auto|lra]. }
    set (s := share t v v') in *. set (m := mix t v v') in *.
    assert (E2 : m * (1 - s) = (1 - t) * v) by (unfold m in *; unfold mix in E |- *; lra).
    set (B := bent (first_slope h) (bends h) z). set (B' := bent (first_slope h) (bends h) z').
    replace (m * (value_at_0 h + first_slope h * mix s z z' + mix s B B'))
      with (m * (1 - s) * (value_at_0 h + first_slope h * z + B) + m * s * (value_at_0 h + first_slope h * z' + B')) by (unfold mix; ring).
    rewrite E, E2. unfold mix. ring.
Qed.

(* ---- All units ---- *)
Fixpoint all_steady (h : activation) (vs vs' zs zs' : list R) : Prop :=
  match vs, vs', zs, zs' with
  | [], [], [], [] => True
  | v :: vs0, v' :: vs0', z :: zs0, z' :: zs0' => steady h v v' z z' /\ all_steady h vs0 vs0' zs0 zs0'
  | _, _, _, _ => False
  end.

Lemma units_linear h t : 0 <= t <= 1 -> forall vs vs' zs zs', all_steady h vs vs' zs zs' ->
  dot (mix_list t vs vs') (map (act h) (mix_each mix (zip (share t) vs vs') zs zs')) = mix t (dot vs (map (act h) zs)) (dot vs' (map (act h) zs')).
Proof.
  intros Ht. unfold mix_each, mix_list. induction vs as [|v vs IH]; intros [|v' vs'] [|z zs] [|z' zs'] H; simpl in H; try tauto; simpl. { unfold mix. lra. }
  destruct H as [H1 H2]. rewrite IH by auto. rewrite (unit_linear h v v' z z' t H1 Ht). unfold mix. lra.
Qed.

Lemma dot_mix s : forall w w' x, length w = length w' -> dot (mix_list s w w') x = mix s (dot w x) (dot w' x).
Proof.
  unfold mix_list. induction w as [|a w IH]; intros [|b w'] x L; simpl in *; try discriminate; [unfold mix; lra|].
  destruct x as [|c x]; [unfold mix; lra|]. rewrite IH by lia. unfold mix. lra.
Qed.

Lemma rows_mix x : forall ss W W', Forall2 (fun w w' => length w = length w') W W' -> length ss = length W ->
  map (fun w => dot w x) (mix_each mix_list ss W W') = mix_each mix ss (map (fun w => dot w x) W) (map (fun w => dot w x) W').
Proof.
  unfold mix_each. intros ss W W' H. revert ss. induction H as [|w w' W W' E H IH]; intros [|s ss] L; simpl in *; try discriminate; auto.
  rewrite IH by lia. rewrite dot_mix by auto. reflexivity.
Qed.

Lemma bias_mix : forall ss b b' z z', length ss = length z -> length z' = length z -> length b = length z -> length b' = length z ->
  add_bias (mix_each mix ss b b') (mix_each mix ss z z') = mix_each mix ss (add_bias b z) (add_bias b' z').
Proof.
  unfold mix_each. induction ss as [|s ss IH]; intros [|c b] [|c' b'] [|y z] [|y' z'] L1 L2 L3 L4; simpl in *; try discriminate; auto.
  rewrite IH by lia. f_equal. unfold mix. lra.
Qed.

(* Layers of the same shape. *)
Definition alike (l l' : layer) : Prop :=
  Forall2 (fun w w' => length w = length w') (weights l) (weights l')
  /\ match bias l, bias l' with
     | None, None => True
     | Some b, Some b' => length b = length (weights l) /\ length b' = length (weights l)
     | _, _ => False
     end.

Lemma layer_mix l l' ss x : alike l l' -> length ss = length (weights l) ->
  affine (Layer (mix_each mix_list ss (weights l) (weights l')) (match bias l, bias l' with Some b, Some b' => Some (mix_each mix ss b b') | _, _ => None end)) x
  = mix_each mix ss (affine l x) (affine l' x).
Proof.
  intros [HW HB] L. unfold affine. cbn [weights bias]. pose proof (Forall2_len _ _ _ HW) as LW.
  destruct (bias l), (bias l'); try tauto; rewrite rows_mix by auto; auto. apply bias_mix; rewrite ?map_length; tauto || lia.
Qed.

Lemma mix_each_same t : forall ss (u v : list R), (forall s, In s ss -> s = t) -> length ss = length u -> length u = length v -> mix_each mix ss u v = mix_list t u v.
Proof.
  unfold mix_each, mix_list. induction ss as [|s ss IH]; intros [|a u] [|b v] H L1 L2; simpl in *; try discriminate; auto.
  rewrite (H s) by auto. f_equal. apply IH; auto.
Qed.

Lemma predict_step h l1 l1' l2 l2' vs vs' x t : alike l1 l1' -> alike l2 l2' -> weights l2 = [vs] -> weights l2' = [vs'] ->
  length vs = length (weights l1) -> length vs' = length (weights l1) -> 0 <= t <= 1 -> all_steady h vs vs' (affine l1 x) (affine l1' x) ->
  predict h (step l1 l1' l2 l2' vs vs' t) x = mix_list t (predict h [l1; l2] x) (predict h [l1'; l2'] x).
Proof.
  intros H1 H2 E E' L L' Ht HS. unfold step. cbn [predict]. rewrite layer_mix by (auto; rewrite zip_length; lia).
  destruct H2 as [_ HB]. rewrite E in HB. unfold affine at 1 4 6. cbn [weights bias]. rewrite E, E'. cbn [map].
  rewrite (units_linear h t Ht _ _ _ _ HS). unfold mix_bias, mix_list.
  destruct (bias l2) as [[|c [|? ?]]|], (bias l2') as [[|c' [|? ?]]|]; simpl in HB; try tauto; try (destruct HB; discriminate); simpl; repeat f_equal; unfold mix; lra.
Qed.

(* A step begins at the first point and ends at the second one. *)
Lemma share_0 v v' : share 0 v v' = 0.
Proof. unfold share. destruct (Rlt_dec 0 (v * v')); auto. unfold Rdiv. lra. Qed.
Lemma share_1 v v' : share 1 v v' = 1.
Proof.
  unfold share, mix. destruct (Rlt_dec 0 (v * v')); auto. field. intros E. assert (v' = 0) by lra. subst. lra.
Qed.

Section Ends.
Context {A : Type} (f : R -> A -> A -> A) (alike : A -> A -> Prop).
Hypothesis H0 : forall a b, alike a b -> f 0 a b = a.
Hypothesis H1 : forall a b, alike a b -> f 1 a b = b.
Lemma each_ends : forall vs vs' u w, length vs' = length vs -> length u = length vs -> Forall2 alike u w ->
  mix_each f (zip (share 0) vs vs') u w = u /\ mix_each f (zip (share 1) vs vs') u w = w.
Proof.
  unfold mix_each. induction vs as [|v vs IH]; intros [|v' vs'] [|a u] w L1 L2 H; try discriminate; inversion H as [|? b ? w' K1 K2]; subst; auto.
  destruct (IH vs' u w' ltac:(simpl in L1; lia) ltac:(simpl in L2; lia) K2) as [P Q]. cbn [zip fst snd]. rewrite P, Q, share_0, share_1, H0, H1; auto.
Qed.
End Ends.

Lemma mix_ends a b : mix 0 a b = a /\ mix 1 a b = b.
Proof. unfold mix. lra. Qed.
Lemma mix_list_ends u : forall v, length u = length v -> mix_list 0 u v = u /\ mix_list 1 u v = v.
Proof.
  unfold mix_list. induction u as [|a u IH]; intros [|b v] L; try discriminate; auto. destruct (IH v ltac:(simpl in L; lia)) as [P Q]. destruct (mix_ends a b) as [M N].
  simpl. rewrite P, Q, M, N. auto.
Qed.
Lemma same_length_Forall2 {A} (u : list A) : forall v, length u = length v -> Forall2 (fun _ _ : A => True) u v.
Proof. induction u as [|a u IH]; intros [|b v] L; try discriminate; constructor; auto. Qed.

Lemma ends_of_step l1 l1' l2 l2' vs vs' : alike l1 l1' -> alike l2 l2' -> weights l2 = [vs] -> weights l2' = [vs'] ->
  length vs = length (weights l1) -> length vs' = length (weights l1) -> step l1 l1' l2 l2' vs vs' 0 = [l1; l2] /\ step l1 l1' l2 l2' vs vs' 1 = [l1'; l2'].
Proof.
  intros [W1 B1] [W2 B2] E E' L L'. unfold step.
  destruct (each_ends mix_list (fun u v => length u = length v) (fun a b H => proj1 (mix_list_ends a b H)) (fun a b H => proj2 (mix_list_ends a b H)) vs vs' (weights l1) (weights l1') ltac:(lia) ltac:(lia) W1) as [P Q].
  rewrite P, Q. destruct (mix_list_ends vs vs' ltac:(lia)) as [M N]. rewrite M, N.
  assert (G : forall b b' : list R, length b = length vs -> length b' = length vs -> mix_each mix (zip (share 0) vs vs') b b' = b /\ mix_each mix (zip (share 1) vs vs') b b' = b').
  { intros b b' K K'. apply (each_ends mix (fun _ _ => True)); try lia. - intros; apply mix_ends. - intros; apply mix_ends. - apply same_length_Forall2. lia. }
  destruct l1 as [Wa ba], l1' as [Wb bb], l2 as [Wc bc], l2' as [Wd bd]. cbn [weights bias] in *. subst.
  assert (F : forall b b' : option (list R), match b, b' with None, None => True | Some u, Some v => length u = length v | _, _ => False end -> mix_bias 0 b b' = b /\ mix_bias 1 b b' = b').
  { intros [u|] [v|] K; try tauto. destruct (mix_list_ends u v K) as [P' Q']. simpl. now rewrite P', Q'. }
  destruct (F bc bd) as [F0 F1]. { destruct bc, bd; try tauto. lia. } rewrite F0, F1.
  destruct ba as [ba|], bb as [bb|]; try tauto; auto. destruct (G ba bb) as [G0 G1]; try lia. rewrite G0, G1. auto.
Qed.
