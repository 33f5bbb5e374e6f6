(* Places in lists: the entry at a place, and the places of all entries. *)
From Coq Require Import ZArith List Lia.
From Exactsurf Require Import Lists.
From Exactsurf Require CheckDeadUnit CheckConvex.
Import ListNotations.
Module D := CheckDeadUnit.
Module X := CheckConvex.

Lemma pick_range {A} (l : list A) : forall i a, D.pick i l = Some a -> (0 <= i < Z.of_nat (length l))%Z.
Proof.
  induction l as [|b l IH]; intros i a H; simpl in H; [discriminate|]. cbn [length]. destruct (Z.eqb_spec i 0) as [->|N]; [lia|].
  apply IH in H. lia.
Qed.

Lemma pick_map {A B} (f : A -> B) l : forall i b, D.pick i (map f l) = Some b -> exists a, D.pick i l = Some a /\ b = f a.
Proof. induction l as [|a l IH]; intros i b H; simpl in *; [discriminate|]. destruct (i =? 0)%Z; [inversion H; eauto|auto]. Qed.

Lemma pick_in {A} (l : list A) : forall i a, D.pick i l = Some a -> In a l.
Proof. induction l as [|b l IH]; intros i a H; simpl in *; [discriminate|]. destruct (i =? 0)%Z; [inversion H; auto|eauto]. Qed.

Fixpoint count_up {A} (i : Z) (l : list A) : list Z := match l with [] => [] | _ :: l' => i :: count_up (i + 1) l' end.
Lemma indices_count {A} (l : list A) : X.indices l = count_up 0 l.
Proof.
  unfold X.indices. assert (G : forall (l : list A) i acc, X.indices_onto i l acc = rev acc ++ count_up i l).
  { clear. induction l as [|a l IH]; intros i acc; simpl; [now rewrite rev_onto_spec|]. rewrite IH. simpl. now rewrite <- app_assoc. }
  apply (G l 0%Z []).
Qed.
Lemma count_up_length {A} (l : list A) : forall i, length (count_up i l) = length l.
Proof. induction l; intros; simpl; auto. Qed.
Lemma count_up_map {A B} (f : A -> B) (l : list A) : forall i, count_up i (map f l) = count_up i l.
Proof. induction l; intros; simpl; auto. now rewrite IHl. Qed.
Lemma count_up_pick {A} (l : list A) : forall k i a, In (i, a) (zip pair (count_up k l) l) -> D.pick (i - k) l = Some a /\ (k <= i < k + Z.of_nat (length l))%Z.
Proof.
  induction l as [|b l IH]; intros k i a H; cbn [count_up zip In] in H; [tauto|]. cbn [D.pick length]. destruct H as [H|H].
  - inversion H; subst. rewrite Z.sub_diag. simpl. split; auto. lia.
  - apply IH in H. destruct H as [H1 H2]. destruct (Z.eqb_spec (i - k) 0); [lia|]. replace (i - k - 1)%Z with (i - (k + 1))%Z by lia. split; auto. lia.
Qed.
