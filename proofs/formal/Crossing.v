(* A path that begins in one closed set and ends in another, and is always in one of them, is in both at some time. *)
From Coq Require Import Reals List Lra Lia.
From Exactsurf Require Import Lists.
Import ListNotations.
Open Scope R_scope.

(* At every time from 0 to T the property holds, or it fails at all times near by. *)
Definition closed (T : R) (P : R -> Prop) : Prop :=
  forall t, 0 <= t <= T -> P t \/ exists d, 0 < d /\ forall u, 0 <= u <= T -> Rabs (u - t) < d -> ~ P u.

Definition continuous (T : R) (x : R -> R) : Prop :=
  forall t, 0 <= t <= T -> forall e, 0 < e -> exists d, 0 < d /\ forall u, 0 <= u <= T -> Rabs (u - t) < d -> Rabs (x u - x t) < e.

Lemma closed_le T x : continuous T x -> closed T (fun t => 0 <= x t).
Proof.
  intros H t Ht. destruct (Rle_or_lt 0 (x t)) as [L|L]; [auto|]. right. destruct (H t Ht (- x t)) as [d [Hd P]]; [lra|]. exists d. split; auto.
  intros u Hu Hut F. specialize (P u Hu Hut). unfold Rabs in P. destruct (Rcase_abs (x u - x t)); lra.
Qed.
Lemma closed_ge T x : continuous T x -> closed T (fun t => x t <= 0).
Proof.
  intros H t Ht. destruct (Rle_or_lt (x t) 0) as [L|L]; [auto|]. right. destruct (H t Ht (x t)) as [d [Hd P]]; [lra|]. exists d. split; auto.
  intros u Hu Hut F. specialize (P u Hu Hut). unfold Rabs in P. destruct (Rcase_abs (x u - x t)); lra.
Qed.
Lemma closed_true T : closed T (fun _ => True).
Proof. intros t _. auto. Qed.
Lemma closed_false T : closed T (fun _ => False).
Proof. intros t _. right. exists 1. split; [lra|]. auto. Qed.
Lemma closed_and T P Q : closed T P -> closed T Q -> closed T (fun t => P t /\ Q t).
Proof.
  intros H K t Ht. destruct (H t Ht) as [A|[d [Hd A]]]; [|right; exists d; split; auto; intros u Hu L [F _]; exact (A u Hu L F)].
  destruct (K t Ht) as [B|[d [Hd B]]]; [auto|right; exists d; split; auto; intros u Hu L [_ F]; exact (B u Hu L F)].
Qed.
Lemma closed_or T P Q : closed T P -> closed T Q -> closed T (fun t => P t \/ Q t).
Proof.
  intros H K t Ht. destruct (H t Ht) as [A|[d [Hd A]]]; [auto|]. destruct (K t Ht) as [B|[d' [Hd' B]]]; [auto|]. right. exists (Rmin d d'). split; [now apply Rmin_glb_lt|].
  intros u Hu L [F|F]; [apply (A u Hu)|apply (B u Hu)]; auto; (eapply Rlt_le_trans; [exact L|]); [apply Rmin_l|apply Rmin_r].
Qed.
Lemma closed_iff T P Q : (forall t, P t <-> Q t) -> closed T P -> closed T Q.
Proof.
  intros E H t Ht. destruct (H t Ht) as [A|[d [Hd A]]]; [left; now apply E|right; exists d; split; auto]. intros u Hu L F. apply (A u Hu L). now apply E.
Qed.
Lemma closed_exists {A} T (P : A -> R -> Prop) l : (forall a, In a l -> closed T (P a)) -> closed T (fun t => exists a, In a l /\ P a t).
Proof.
  induction l as [|a l IH]; intros H.
  - apply (closed_iff T (fun _ => False)); [|apply closed_false]. intros t. split; [tauto|]. intros [a [[] _]].
  - apply (closed_iff T (fun t => P a t \/ exists b, In b l /\ P b t)).
    + intros t. split; [intros [Q|[b [B Q]]]; [exists a|exists b]; simpl; auto|]. intros [b [[<-|B] Q]]; [auto|right; eauto].
    + apply closed_or; [apply H; simpl; auto|]. apply IH. intros; apply H; simpl; auto.
Qed.
(* One requirement for each of the things that move. *)
Lemma closed_Forall2 {A B C} T (P : A -> C -> Prop) (f : B -> R -> C) (bs : list B) : (forall a b, In b bs -> closed T (fun t => P a (f b t))) ->
  forall l, closed T (fun t => Forall2 P l (map (fun b => f b t) bs)).
Proof.
  induction bs as [|b bs IH]; intros H [|a l].
  - apply (closed_iff T (fun _ => True)); [|apply closed_true]. intros t. split; auto. intros _. constructor.
  - apply (closed_iff T (fun _ => False)); [|apply closed_false]. intros t. split; [tauto|]. intros F. inversion F.
  - apply (closed_iff T (fun _ => False)); [|apply closed_false]. intros t. split; [tauto|]. intros F. inversion F.
  - apply (closed_iff T (fun t => P a (f b t) /\ Forall2 P l (map (fun b => f b t) bs))).
    + intros t. cbn [map]. split; [intros [X Y]; now constructor|]. intros F. now inversion F.
    + apply closed_and; [apply H; simpl; auto|]. apply IH. intros; apply H; simpl; auto.
Qed.

Theorem crossing T P Q : 0 <= T -> closed T P -> closed T Q -> (forall t, 0 <= t <= T -> P t \/ Q t) -> P 0 -> Q T -> exists t, 0 <= t <= T /\ P t /\ Q t.
Proof.
  intros HT HP HQ H P0 QT. set (E := fun t => 0 <= t <= T /\ P t).
  destruct (completeness E) as [m [U L]]. { exists T. intros t [A _]. lra. } { exists 0. split; [lra|exact P0]. }
  assert (M : 0 <= m <= T). { split; [apply U; split; [lra|exact P0]|apply L; intros t [A _]; lra]. }
  assert (Pm : P m).
  { destruct (HP m M) as [A|[d [Hd A]]]; auto. exfalso. assert (B : is_upper_bound E (m - d / 2)).
    { intros t [Ht Pt]. destruct (Rle_or_lt t (m - d / 2)) as [|G]; auto. exfalso. pose proof (U t (conj Ht Pt)). apply (A t Ht); auto. rewrite Rabs_left1; lra. }
    specialize (L _ B). lra. }
  exists m. split; auto. split; auto. destruct (HQ m M) as [A|[d [Hd A]]]; auto. exfalso.
  destruct (Rle_or_lt T m) as [G|G]. { assert (m = T) by lra. subst m. apply (A T); auto. rewrite Rminus_diag_eq, Rabs_R0; auto. }
  set (u := Rmin T (m + d / 2)). assert (Hu : m < u <= T /\ u <= m + d / 2). { unfold u. pose proof (Rmin_l T (m + d / 2)). pose proof (Rmin_r T (m + d / 2)). assert (m < Rmin T (m + d / 2)) by (apply Rmin_glb_lt; lra). lra. }
  destruct (H u ltac:(lra)) as [F|F].
  - assert (u <= m); [|lra]. apply U. split; [lra|auto]. - apply (A u); auto; [lra|]. rewrite Rabs_right; lra.
Qed.
