(* Paths of parameters: steps are continuous, paths that follow each other are one path. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums Near Steps.
Import ListNotations.
Open Scope R_scope.

(* Nearness is symmetric, and adds up. *)
Lemma near_list_sym e u v : near_list e u v -> near_list e v u.
Proof. intros H. induction H; constructor; auto. now rewrite Rabs_minus_sym. Qed.
Lemma near_list_trans d e u v w : near_list d u v -> near_list e v w -> near_list (d + e) u w.
Proof.
  intros H. revert w. induction H as [|a b u v Hab H IH]; intros w K; inversion K as [|? c ? w' Hbc K']; subst; constructor; [|now apply IH].
  replace (c - a) with ((b - a) + (c - b)) by lra. eapply Rle_lt_trans; [apply Rabs_triang|]. lra.
Qed.
Lemma near_sym e ls ls' : near e ls ls' -> near e ls' ls.
Proof.
  intros H. induction H as [|l l' ls ls' [HW HB] H IH]; constructor; auto. split.
  - clear - HW. induction HW; constructor; auto. now apply near_list_sym.
  - unfold near_bias in *. destruct (bias l), (bias l'); auto. now apply near_list_sym.
Qed.
Lemma near_trans d e ls ls' ls'' : near d ls ls' -> near e ls' ls'' -> near (d + e) ls ls''.
Proof.
  intros H. revert ls''. induction H as [|l l' ls ls' [HW HB] H IH]; intros ls'' K; inversion K as [|? l'' ? ? [KW KB] K']; subst; constructor; [|now apply IH]. split.
  - clear - HW KW. revert KW. generalize (weights l''). induction HW; intros W KW; inversion KW; subst; constructor; auto. eapply near_list_trans; eauto.
  - unfold near_bias in *. destruct (bias l), (bias l'), (bias l''); try tauto. eapply near_list_trans; eauto.
Qed.

(* Uniformly continuous in the times from 0 to T, for the relation `close`. *)
Definition uniform {A} (close : R -> A -> A -> Prop) (T : R) (f : R -> A) : Prop :=
  forall e, 0 < e -> exists d, 0 < d /\ forall t u, 0 <= t <= T -> 0 <= u <= T -> Rabs (u - t) < d -> close e (f t) (f u).
Definition close_R (e a b : R) : Prop := Rabs (b - a) < e.

Lemma uniform_path T g : uniform near T g -> path T g.
Proof. intros H t Ht e He. destruct (H e He) as [d [Hd P]]. exists d. split; auto. Qed.

(* ---- Lists of continuous entries ---- *)
Lemma uniform_Forall2 {A B} (close : R -> A -> A -> Prop) T (f : R -> B -> A) (l : list B) : (forall b, In b l -> uniform close T (fun t => f t b)) ->
  uniform (fun e => Forall2 (close e)) T (fun t => map (f t) l).
Proof.
  intros H e He. induction l as [|b l IH]. { exists 1. split; [lra|]. intros. constructor. }
  destruct IH as [d [Hd P]]; [intros; apply H; simpl; auto|]. destruct (H b (or_introl eq_refl) e He) as [d' [Hd' P']].
  exists (Rmin d d'). split; [mins|]. intros t u Ht Hu L. constructor.
  - apply P'; auto. eapply Rlt_le_trans; [exact L|apply Rmin_r]. - apply P; auto. eapply Rlt_le_trans; [exact L|apply Rmin_l].
Qed.

Lemma zip_as_map {A B C} (f : A -> B -> C) u : forall v, zip f u v = map (fun ab => f (fst ab) (snd ab)) (zip pair u v).
Proof. induction u as [|a u IH]; intros [|b v]; simpl; auto. now rewrite IH. Qed.

Lemma uniform_mix T s a b : uniform close_R T s -> uniform close_R T (fun t => mix (s t) a b).
Proof.
  intros H e He. assert (P : 0 < Rabs (b - a) + 1) by (pose proof (Rabs_pos (b - a)); lra).
  destruct (H (e / (Rabs (b - a) + 1))) as [d [Hd Q]]; [now apply Rdiv_lt_0_compat|]. exists d. split; auto. intros t u Ht Hu L. specialize (Q t u Ht Hu L).
  unfold close_R, mix in *. replace ((1 - s u) * a + s u * b - ((1 - s t) * a + s t * b)) with ((s u - s t) * (b - a)) by ring. rewrite Rabs_mult.
  apply (Rmult_lt_compat_r (Rabs (b - a) + 1)) in Q; auto. unfold Rdiv in Q. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in Q by lra.
  pose proof (Rabs_pos (s u - s t)). pose proof (Rabs_pos (b - a)). nra.
Qed.

Lemma uniform_id T : uniform close_R T (fun t => t).
Proof. intros e He. exists e. auto. Qed.

Lemma uniform_mix_list T s u v : uniform close_R T s -> uniform near_list T (fun t => mix_list (s t) u v).
Proof.
  intros H. unfold mix_list. intros e He.
  destruct (uniform_Forall2 close_R T (fun t ab => mix (s t) (fst ab) (snd ab)) (zip pair u v)) with (e := e) as [d [Hd P]]; auto.
  { intros ab _. now apply uniform_mix. }
  exists d. split; auto. intros t u' Ht Hu L. rewrite !(zip_as_map (mix _)). now apply P.
Qed.

Lemma share_uniform v v' : uniform close_R 1 (fun t => share t v v').
Proof.
  unfold share. destruct (Rlt_dec 0 (v * v')) as [P|]; [|apply uniform_id].
  assert (v <> 0) by (intros ->; lra). assert (v' <> 0) by (intros ->; lra).
  set (m := Rmin (Rabs v) (Rabs v')). assert (M : 0 < m). { unfold m, Rmin. pose proof (Rabs_pos_lt v H). pose proof (Rabs_pos_lt v' H0). destruct (Rle_dec _ _); auto. }
  intros e He. exists (e * (m * m) / (v * v')). split. { apply Rdiv_lt_0_compat; auto. apply Rmult_lt_0_compat; auto. now apply Rmult_lt_0_compat. }
  intros t u Ht Hu L. unfold close_R.
  pose proof (mix_not_0 t v v' Ht P) as A. pose proof (mix_not_0 u v v' Hu P) as B. fold m in A, B.
  assert (NA : mix t v v' <> 0) by (intros E; rewrite E, Rabs_R0 in A; lra). assert (NB : mix u v v' <> 0) by (intros E; rewrite E, Rabs_R0 in B; lra).
  replace (u * v' / mix u v v' - t * v' / mix t v v') with (v * v' * (u - t) * / (mix t v v' * mix u v v')) by (unfold mix in *; field; auto).
  rewrite !Rabs_mult, Rabs_inv, (Rabs_mult (mix t v v')), <- (Rabs_mult v v'), (Rabs_right (v * v')) by lra.
  assert (D : m * m <= Rabs (mix t v v') * Rabs (mix u v v')) by (apply Rmult_le_compat; lra).
  assert (0 < m * m) by now apply Rmult_lt_0_compat. set (D' := Rabs (mix t v v') * Rabs (mix u v v')) in *.
  apply (Rmult_lt_reg_r D'); [lra|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  apply (Rmult_lt_compat_l (v * v')) in L; auto. replace (v * v' * (e * (m * m) / (v * v'))) with (e * (m * m)) in L by (field; auto).
  assert (e * (m * m) <= e * D') by (apply Rmult_le_compat_l; lra). lra.
Qed.

(* Shares with entries, or rows, at both ends. *)
Lemma uniform_each {A} (close : R -> A -> A -> Prop) (f : R -> A -> A -> A) : (forall v v' a b, uniform close 1 (fun t => f (share t v v') a b)) ->
  forall vs vs' u w, uniform (fun e => Forall2 (close e)) 1 (fun t => mix_each f (zip (share t) vs vs') u w).
Proof.
  intros H vs vs' u w e He.
  destruct (uniform_Forall2 close 1 (fun t x => f (share t (fst (fst x)) (snd (fst x))) (fst (snd x)) (snd (snd x))) (zip pair (zip pair vs vs') (zip pair u w))) with (e := e) as [d [Hd P]]; auto.
  assert (E : forall t, mix_each f (zip (share t) vs vs') u w = map (fun x => f (share t (fst (fst x)) (snd (fst x))) (fst (snd x)) (snd (snd x))) (zip pair (zip pair vs vs') (zip pair u w))).
  { intros t. unfold mix_each. generalize (zip pair u w) as uw. clear. revert vs'. induction vs as [|v vs IH]; intros [|v' vs'] [|ab uw]; simpl; auto. now rewrite IH. }
  exists d. split; auto. intros t t' Ht Ht' L. rewrite !E. now apply P.
Qed.

Lemma uniform_both {A B} (c1 : R -> A -> A -> Prop) (c2 : R -> B -> B -> Prop) T f g : uniform c1 T f -> uniform c2 T g ->
  uniform (fun e x y => c1 e (fst x) (fst y) /\ c2 e (snd x) (snd y)) T (fun t => (f t, g t)).
Proof.
  intros H1 H2 e He. destruct (H1 e He) as [d1 [D1 P1]]. destruct (H2 e He) as [d2 [D2 P2]]. exists (Rmin d1 d2). split; [mins|].
  intros t u Ht Hu L. simpl. split; [apply P1|apply P2]; auto; (eapply Rlt_le_trans; [exact L|]); [apply Rmin_l|apply Rmin_r].
Qed.

Theorem step_uniform l1 l1' l2 l2' vs vs' : alike l1 l1' -> alike l2 l2' -> uniform near 1 (step l1 l1' l2 l2' vs vs').
Proof.
  intros [_ H1] [_ H2].
  assert (W1 : uniform (fun e => Forall2 (near_list e)) 1 (fun t => mix_each mix_list (zip (share t) vs vs') (weights l1) (weights l1'))).
  { apply uniform_each. intros. apply uniform_mix_list. apply share_uniform. }
  assert (B1 : uniform near_bias 1 (fun t => match bias l1, bias l1' with Some b, Some b' => Some (mix_each mix (zip (share t) vs vs') b b') | _, _ => None end)).
  { destruct (bias l1) as [b|], (bias l1') as [b'|]; try tauto; [|intros e He; exists 1; split; [lra|simpl; auto]].
    apply (uniform_each close_R). intros. apply uniform_mix. apply share_uniform. }
  assert (W2 : uniform near_list 1 (fun t => mix_list t vs vs')) by (apply uniform_mix_list, uniform_id).
  assert (B2 : uniform near_bias 1 (fun t => mix_bias t (bias l2) (bias l2'))).
  { unfold mix_bias. destruct (bias l2) as [b|], (bias l2') as [b'|]; try tauto; [|intros e He; exists 1; split; [lra|simpl; auto]].
    apply (uniform_mix_list 1 (fun t => t)). apply uniform_id. }
  intros e He. destruct (uniform_both _ _ _ _ _ (uniform_both _ _ _ _ _ W1 B1) (uniform_both _ _ _ _ _ W2 B2) e He) as [d [Hd P]].
  exists d. split; auto. intros t u Ht Hu L. destruct (P t u Ht Hu L) as [[A B] [C D]]. unfold step. repeat constructor; auto.
Qed.

(* ---- One path after another ---- *)
Definition after (T : R) (g g' : R -> list layer) (t : R) : list layer := if Rle_dec t T then g t else g' (t - T).

Lemma after_uniform T T' g g' : 0 <= T -> 0 <= T' -> uniform near T g -> uniform near T' g' -> g T = g' 0 -> uniform near (T + T') (after T g g').
Proof.
  intros HT HT' H H' E e He. destruct (H (e / 2)) as [d [Hd P]]; [lra|]. destruct (H' (e / 2)) as [d' [Hd' P']]; [lra|].
  exists (Rmin d d'). split; [mins|].
  assert (G : forall t u, 0 <= t <= T + T' -> 0 <= u <= T + T' -> t <= u -> Rabs (u - t) < Rmin d d' -> near e (after T g g' t) (after T g g' u)).
  { intros t u Ht Hu Htu L. assert (L1 : Rabs (u - t) < d) by (eapply Rlt_le_trans; [exact L|apply Rmin_l]). assert (L2 : Rabs (u - t) < d') by (eapply Rlt_le_trans; [exact L|apply Rmin_r]).
    rewrite Rabs_right in L1, L2 by lra. unfold after. destruct (Rle_dec t T), (Rle_dec u T); try lra.
    - eapply near_mono; [|apply P; try lra]; [lra|]. rewrite Rabs_right; lra.
    - replace e with (e / 2 + e / 2) by lra. apply near_trans with (ls' := g T).
      + apply P; try lra. rewrite Rabs_right; lra. + rewrite E. apply P'; try lra. rewrite Rabs_right; lra.
    - eapply near_mono; [|apply P'; try lra]; [lra|]. rewrite Rabs_right; lra. }
  intros t u Ht Hu L. destruct (Rle_dec t u); [now apply G|]. apply near_sym. apply G; auto; [lra|]. now rewrite Rabs_minus_sym.
Qed.

(* A path through points, from paths between those that follow each other. *)
Inductive joined (p : problem) (level : R) : list layer -> list (list layer) -> Prop :=
  | Alone ls : risk p ls <= level -> joined p level ls []
  | Joined ls ls' rest g : uniform near 1 g -> g 0 = ls -> g 1 = ls' -> (forall t, 0 <= t <= 1 -> risk p (g t) <= level) -> joined p level ls' rest ->
      joined p level ls (ls' :: rest).

Lemma constant_uniform T ls : uniform near T (fun _ => ls).
Proof. intros e He. exists 1. split; [lra|]. intros. now apply near_refl. Qed.

Theorem joined_path p level ls rest : joined p level ls rest -> path_below p level (ls :: rest).
Proof.
  intros H.
  assert (G : exists g, let T := INR (length rest) in uniform near T g /\ (forall k, (k < S (length rest))%nat -> g (INR k) = nth k (ls :: rest) []) /\ forall t, 0 <= t <= T -> risk p (g t) <= level).
  { induction H as [ls H|ls ls' rest g H1 H2 H3 H4 _ [g' [U [V W]]]].
    - exists (fun _ => ls). cbv zeta. split; [apply constant_uniform|]. split; auto. intros k Hk. simpl in Hk. assert (k = 0)%nat by lia. now subst.
    - exists (after 1 g g'). cbn [length]. rewrite S_INR. pose proof (pos_INR (length rest)) as PI. cbv zeta. rewrite (Rplus_comm _ 1).
      split. { apply after_uniform; auto; [lra|]. rewrite H3. symmetry. exact (V 0%nat ltac:(lia)). } split.
      + intros k Hk. unfold after. destruct k as [|k]. { simpl. destruct (Rle_dec 0 1); [auto|lra]. }
        destruct k as [|k]. { simpl. destruct (Rle_dec 1 1); [auto|lra]. }
        destruct (Rle_dec (INR (S (S k))) 1) as [L|L]. { rewrite !S_INR in L. pose proof (pos_INR k). lra. }
        rewrite (S_INR (S k)). replace (INR (S k) + 1 - 1) with (INR (S k)) by lra. rewrite V by lia. reflexivity.
      + intros t Ht. unfold after. destruct (Rle_dec t 1); [apply H4; lra|]. apply W. lra. }
  destruct G as [g [U [V W]]]. exists g. cbn [length]. replace (S (length rest) - 1)%nat with (length rest) by lia. cbv zeta. split; [now apply uniform_path|]. auto.
Qed.
