(* Theorem C over the real numbers: if all sums over paths vanish, the frozen sum is constant near the point
   (proofs/paths.md). No monomials are needed: from the bottom layer up, the sum over the samples of v times what a layer
   reads is 0 for every v in V_l, at all nearby parameters. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Network Lists Sums Near.
Import ListNotations.
Open Scope R_scope.

Section Rule.
Context {A : Type} (S : list A) (h : activation) (r : A -> list R).

Notation lines := (A -> list (R * R)).

Fixpoint on_lines (ls : list layer) (lns : list lines) (s : A) (x : list R) : Prop :=
  match ls, lns with
  | [_], [] => True
  | l :: rest, ln :: lns' =>
      Forall2 (fun ac z => act h z = fst ac * z + snd ac) (ln s) (affine l x)
      /\ on_lines rest lns' s (map (act h) (affine l x))
  | _, _ => False
  end.

Fixpoint in_V (lns : list lines) (v : A -> R) : Prop :=
  match lns with
  | [] => exists k, v = (fun s => nth k (r s) 0)
  | ln :: lns' => exists u j, in_V lns' u /\ v = (fun s => fst (nth j (ln s) (0, 0)) * u s)
  end.

Definition no_mean (l : layer) (V : (A -> R) -> Prop) :=
  match bias l with None => True | Some _ => forall v, V v -> sum S v = 0 end.

Fixpoint vanish (ls : list layer) (lns : list lines) : Prop :=
  match ls, lns with
  | [l], [] => no_mean l (in_V [])
  | l :: rest, ln :: lns' =>
      no_mean l (in_V lns)
      /\ (forall u j, in_V lns' u -> sum S (fun s => u s * snd (nth j (ln s) (0, 0))) = 0)
      /\ vanish rest lns'
  | _, _ => False
  end.

Lemma nth_lines ln z j : Forall2 (fun ac z => act h z = fst ac * z + snd ac) ln z ->
  nth j (map (act h) z) 0 = fst (nth j ln (0, 0)) * nth j z 0 + snd (nth j ln (0, 0)).
Proof. intros H. revert j. induction H; intros [|j]; simpl; auto; lra. Qed.

Lemma layer_sum l v X : no_mean l (fun w => w = v) -> (forall p, sum S (fun s => v s * nth p (X s) 0) = 0) ->
  forall k, sum S (fun s => v s * nth k (affine l (X s)) 0) = 0.
Proof.
  intros Hb HX k. destruct (affine_nth l k) as [beta [B1 B2]].
  rewrite (sum_ext _ _ (fun s => v s * dot (nth k (weights l) []) (X s) + beta * v s)).
  - rewrite sum_plus, sum_scal, sum_dot by auto. unfold no_mean in Hb. destruct (bias l).
    + rewrite Hb by reflexivity. lra.
    + rewrite B1 by reflexivity. lra.
  - intros s _. rewrite B2. lra.
Qed.

Theorem sums_vanish : forall lns ls X,
  vanish ls lns ->
  (forall v, in_V lns v -> forall p, sum S (fun s => v s * nth p (X s) 0) = 0) ->
  (forall s, In s S -> on_lines ls lns s (X s)) ->
  forall k, sum S (fun s => nth k (r s) 0 * nth k (predict h ls (X s)) 0) = 0.
Proof.
  induction lns as [|ln lns IH]; intros ls X HV HX HL k.
  - destruct ls as [|l [|l' ls]]; simpl in HV; try tauto.
    simpl. apply (layer_sum l (fun s => nth k (r s) 0) X).
    + unfold no_mean in *. destruct (bias l); auto. intros v ->. apply HV. now exists k.
    + intros p. apply (HX (fun s => nth k (r s) 0)). now exists k.
  - destruct ls as [|l ls]; simpl in HV; try tauto.
    destruct ls as [|l' ls]. { destruct HV as [_ [_ HV]]. simpl in HV. destruct lns; tauto. }
    destruct HV as [Hb [Hc HV]].
    change (predict h (l :: l' :: ls)) with (fun x => predict h (l' :: ls) (map (act h) (affine l x))).
    cbv beta. apply (IH (l' :: ls) (fun s => map (act h) (affine l (X s)))); auto.
    + intros u Hu j.
      rewrite (sum_ext _ _ (fun s => (fst (nth j (ln s) (0, 0)) * u s) * nth j (affine l (X s)) 0
                                     + u s * snd (nth j (ln s) (0, 0)))).
      * rewrite sum_plus, Hc by auto.
        rewrite (layer_sum l (fun s => fst (nth j (ln s) (0, 0)) * u s)). lra.
        -- unfold no_mean in *. destruct (bias l); auto. intros v ->. apply Hb. now exists u, j.
        -- apply HX. now exists u, j.
      * intros s Hs. destruct (HL s Hs) as [H _]. rewrite (nth_lines (ln s)) by auto. lra.
    + intros s Hs. now destruct (HL s Hs) as [_ H].
Qed.

Corollary frozen_sum lns ls X :
  vanish ls lns ->
  (forall v, in_V lns v -> forall p, sum S (fun s => v s * nth p (X s) 0) = 0) ->
  (forall s, In s S -> on_lines ls lns s (X s)) ->
  sum S (fun s => dot (r s) (predict h ls (X s))) = 0.
Proof.
  intros HV HX HL.
  assert (exists n, forall s, In s S -> (length (r s) <= n)%nat) as [n Hn].
  { clear. induction S as [|s S']. { exists 0%nat. intros ? []. }
    destruct IHS' as [n H]. exists (Nat.max n (length (r s))).
    intros s' [->|H']; [lia|]. specialize (H _ H'). lia. }
  rewrite (sum_ext _ _ (fun s => sum (seq 0 n) (fun k => nth k (r s) 0 * nth k (predict h ls (X s)) 0))).
  - rewrite sum_swap. apply sum_0. intros k _. now apply sums_vanish with (lns := lns).
  - intros s Hs. apply dot_nth. auto.
Qed.
End Rule.

(* ---- Lines that hold in a neighbourhood ---- *)
Definition locally_on (h : activation) (z : R) (ac : R * R) : Prop :=
  exists eta, 0 < eta /\ forall z', Rabs (z' - z) < eta -> act h z' = fst ac * z' + snd ac.

Lemma locally_on_list h ln z : Forall2 (fun ac z => locally_on h z ac) ln z -> exists eta, 0 < eta /\
  forall z', near_list eta z z' -> Forall2 (fun ac z => act h z = fst ac * z + snd ac) ln z'.
Proof.
  intros H. induction H as [|ac y ln z [eta1 [H1 P1]] _ [eta2 [H2 P2]]].
  - exists 1. split; [lra|]. intros z' H. inversion H. constructor.
  - exists (Rmin eta1 eta2). split; [mins|]. intros z' Hz. inversion Hz; subst. constructor.
    + apply P1. eapply Rlt_le_trans; eauto; apply Rmin_l.
    + apply P2. eapply near_list_mono; eauto; apply Rmin_r.
Qed.

(* A layer without bias that reads zeros, also at all nearby parameters (fz), has the pre-activations 0 at all of them. *)
Definition still (l : layer) (fz : bool) (x : list R) : Prop := bias l = None /\ fz = true /\ Forall (fun a => a = 0) x.

Lemma dot_zeros w x : Forall (fun a => a = 0) x -> dot w x = 0.
Proof. intros H. revert w. induction H as [|a x -> _ IH]; intros [|b w]; simpl; auto. rewrite IH. lra. Qed.

Lemma still_affine e l l' fz x : still l fz x -> near_layer e l l' -> affine l' x = affine l x.
Proof.
  intros [Hb [_ Hx]] [HW HB]. unfold affine. rewrite Hb in *. simpl in HB. destruct (bias l'); [tauto|].
  clear - HW Hx. induction HW; simpl; auto. rewrite !dot_zeros by auto. f_equal; auto.
Qed.

Section Lines.
Context {A : Type} (h : activation).

Fixpoint at_lines (ls : list layer) (lns : list (A -> list (R * R))) (s : A) (fz : bool) (x : list R) : Prop :=
  match ls, lns with
  | [_], [] => True
  | l :: rest, ln :: lns' =>
      (Forall2 (fun ac z => locally_on h z ac) (ln s) (affine l x)
       \/ still l fz x /\ Forall2 (fun ac z => act h z = fst ac * z + snd ac) (ln s) (affine l x))
      /\ exists fz', (fz' = true -> still l fz x \/ Forall2 (fun ac z => locally_on h z ac /\ fst ac = 0) (ln s) (affine l x))
                     /\ at_lines rest lns' s fz' (map (act h) (affine l x))
  | _, _ => False
  end.

Lemma flat_near ln z : Forall2 (fun ac z => locally_on h z ac /\ fst ac = 0) ln z -> exists eta, 0 < eta /\
  forall z', near_list eta z z' -> map (act h) z' = map (act h) z.
Proof.
  intros H. induction H as [|ac y ln z [[eta1 [H1 P1]] H0] _ [eta2 [H2 P2]]].
  - exists 1. split; [lra|]. intros z' H. inversion H. reflexivity.
  - exists (Rmin eta1 eta2). split; [mins|]. intros z' Hz. inversion Hz as [|? y' ? z'' D1 D2]; subst. simpl. f_equal.
    + rewrite (P1 y'), (P1 y); [rewrite H0; lra| |].
      * unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. auto.
      * eapply Rlt_le_trans; [exact D1|apply Rmin_l].
    + apply P2. eapply near_list_mono; [apply Rmin_r|eauto].
Qed.

Lemma at_lines_near s : forall lns ls fz x, at_lines ls lns s fz x -> exists e, 0 < e /\
  forall ls' x', near e ls ls' -> near_list e x x' -> (fz = true -> x' = x) -> on_lines h ls' lns s x'.
Proof.
  induction lns as [|ln lns IH]; intros ls fz x H.
  - destruct ls as [|l [|l' ls]]; simpl in H; try tauto. exists 1. split; [lra|].
    intros ls' x' Hl _ _. inversion Hl as [|? ? ? ? ? Hn]; subst. inversion Hn; subst. exact I.
  - destruct ls as [|l ls]; [simpl in H; tauto|].
    assert (H' : (Forall2 (fun ac z => locally_on h z ac) (ln s) (affine l x)
       \/ still l fz x /\ Forall2 (fun ac z => act h z = fst ac * z + snd ac) (ln s) (affine l x))
      /\ exists fz', (fz' = true -> still l fz x \/ Forall2 (fun ac z => locally_on h z ac /\ fst ac = 0) (ln s) (affine l x))
                     /\ at_lines ls lns s fz' (map (act h) (affine l x))) by (destruct ls; exact H).
    clear H. destruct H' as [HL [fz' [HF HR]]].
    destruct (IH _ _ _ HR) as [e1 [H1 P1]].
    destruct (map_act_near h e1 H1) as [e2 [H2 P2]].
    assert (E3 : exists e3, 0 < e3 /\ forall l' x', near_layer e3 l l' -> near_list e3 x x' -> (fz = true -> x' = x) ->
       Forall2 (fun ac z => act h z = fst ac * z + snd ac) (ln s) (affine l' x')).
    { destruct HL as [HL|[HS HL]].
      - destruct (locally_on_list _ _ _ HL) as [eta [He P3]]. destruct (affine_near l x eta He) as [e3 [H3 P4]].
        exists e3. split; auto.
      - exists 1. split; [lra|]. intros l' x' Hl _ Hx. destruct HS as [S1 [S2 S3]]. rewrite (Hx S2). rewrite (still_affine 1 l l' fz x); auto. repeat split; auto. }
    destruct E3 as [e3 [H3 P3]].
    assert (E4 : exists e4, 0 < e4 /\ forall l' x', near_layer e4 l l' -> near_list e4 x x' -> (fz = true -> x' = x) ->
       fz' = true -> map (act h) (affine l' x') = map (act h) (affine l x)).
    { destruct fz'.
      - destruct (HF eq_refl) as [HS|HS].
        + exists 1. split; [lra|]. intros l' x' Hl _ Hx _. destruct HS as [S1 [S2 S3]]. rewrite (Hx S2). f_equal. apply (still_affine 1 l l' fz x); auto. repeat split; auto.
        + destruct (flat_near _ _ HS) as [eta [He P4]]. destruct (affine_near l x eta He) as [e4 [H4 P5]]. exists e4. split; auto.
      - exists 1. split; [lra|]. discriminate. }
    destruct E4 as [e4 [H4 P4]].
    destruct (affine_near l x e2 H2) as [e5 [H5 P5]].
    exists (Rmin e1 (Rmin e3 (Rmin e4 e5))). split; [mins|]. intros ls' x' Hl Hx Hz. inversion Hl as [|? l' ? rest Hll Hrest]; subst.
    set (e := Rmin e1 (Rmin e3 (Rmin e4 e5))) in *.
    assert (e <= e1) by apply Rmin_l.
    assert (e <= e3) by (eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
    assert (e <= e4) by (eapply Rle_trans; [apply Rmin_r|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
    assert (e <= e5) by (eapply Rle_trans; [apply Rmin_r|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_r]).
    assert (G' : Forall2 (fun ac z => act h z = fst ac * z + snd ac) (ln s) (affine l' x')
                 /\ on_lines h rest lns s (map (act h) (affine l' x'))).
    { split.
      - apply P3; auto. eapply near_layer_mono; eauto. eapply near_list_mono; eauto.
      - apply P1.
        + eapply near_mono; eauto.
        + apply P2. apply P5. eapply near_layer_mono; eauto. eapply near_list_mono; eauto.
        + intros Hf. apply P4; auto. eapply near_layer_mono; eauto. eapply near_list_mono; eauto. }
    simpl. destruct rest; auto.
Qed.

Lemma at_lines_near_all (S : list A) (X : A -> list R) ls lns : (forall s, In s S -> at_lines ls lns s true (X s)) ->
  exists e, 0 < e /\ forall ls', near e ls ls' -> forall s, In s S -> on_lines h ls' lns s (X s).
Proof.
  induction S as [|s S IH]; intros H. { exists 1. split; [lra|]. intros ? _ ? []. }
  destruct IH as [e1 [H1 P1]]. { intros; apply H; simpl; auto. }
  destruct (at_lines_near s lns ls true (X s)) as [e2 [H2 P2]]. { apply H; simpl; auto. }
  exists (Rmin e1 e2). split; [mins|]. intros ls' Hl s' [<-|Hs].
  - apply P2; auto. { eapply near_mono; eauto; apply Rmin_r. } apply near_list_refl. mins.
  - apply P1; auto. eapply near_mono; eauto; apply Rmin_l.
Qed.
End Lines.

Lemma vanish_near {A} (S : list A) r e : forall lns ls ls', near e ls ls' -> vanish S r ls lns -> vanish S r ls' lns.
Proof.
  assert (M : forall l l' V, near_layer e l l' -> no_mean S l V -> no_mean S l' V).
  { intros l l' V [_ Hb]. unfold no_mean, near_bias in *. destruct (bias l), (bias l'); tauto. }
  induction lns as [|ln lns IH]; intros ls ls' Hl H.
  - destruct ls as [|l [|? ?]]; simpl in H; try tauto.
    inversion Hl as [|? l' ? ? Hll Hn]; subst. inversion Hn; subst. simpl. eapply M; eauto.
  - destruct ls as [|l ls]; simpl in H; [tauto|]. inversion Hl as [|? l' ? rest Hll Hrest]; subst.
    assert (H' : no_mean S l (in_V r (ln :: lns)) /\
       (forall u j, in_V r lns u -> sum S (fun s => u s * snd (nth j (ln s) (0, 0))) = 0) /\ vanish S r ls lns).
    { destruct ls; auto. }
    destruct H' as [H1 [H2 H3]]. simpl.
    assert (G : vanish S r rest lns) by (eapply IH; eauto).
    pose proof (M _ _ _ Hll H1). destruct rest; auto.
Qed.
