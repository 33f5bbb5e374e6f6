(* List functions that run in constant stack space, and what they compute. *)
From Coq Require Import List Bool ZArith Lia.
Import ListNotations.

(* Lazy conjunction and disjunction: the second argument is not computed if the first one decides. *)
Notation "a &&& b" := (match a with true => b | false => false end) (at level 40, left associativity).
Notation "a ||| b" := (match a with true => true | false => b end) (at level 50, left associativity).

Lemma both a b : a &&& b = true -> a = true /\ b = true.
Proof. destruct a; auto. discriminate. Qed.

Ltac split_and H := repeat match type of H with (_ &&& _) = true => let H' := fresh H in apply both in H as [H H'] end.

Fixpoint all {A} (f : A -> bool) (l : list A) : bool := match l with [] => true | a :: l' => f a &&& all f l' end.
Fixpoint some {A} (f : A -> bool) (l : list A) : bool := match l with [] => false | a :: l' => f a ||| some f l' end.

Fixpoint rev_onto {A} (l acc : list A) : list A := match l with [] => acc | a :: l' => rev_onto l' (a :: acc) end.
Fixpoint map_onto {A B} (f : A -> B) (l : list A) (acc : list B) : list B :=
  match l with [] => acc | a :: l' => map_onto f l' (f a :: acc) end.
Definition tmap {A B} (f : A -> B) (l : list A) : list B := rev_onto (map_onto f l []) [].

Fixpoint zip {A B C} (f : A -> B -> C) (u : list A) (v : list B) : list C :=
  match u, v with a :: u', b :: v' => f a b :: zip f u' v' | _, _ => [] end.
Fixpoint zip_onto {A B C} (f : A -> B -> C) (u : list A) (v : list B) (acc : list C) : list C :=
  match u, v with a :: u', b :: v' => zip_onto f u' v' (f a b :: acc) | _, _ => acc end.
Definition tzip {A B C} (f : A -> B -> C) (u : list A) (v : list B) : list C := rev_onto (zip_onto f u v []) [].

Fixpoint fold {A B} (f : B -> A -> B) (b : B) (l : list A) : B := match l with [] => b | a :: l' => fold f (f b a) l' end.

Fixpoint filter_onto {A} (f : A -> bool) (l acc : list A) : list A :=
  match l with [] => acc | a :: l' => filter_onto f l' (if f a then a :: acc else acc) end.
Definition tfilter {A} (f : A -> bool) (l : list A) : list A := rev_onto (filter_onto f l []) [].

(* The values of a function that may fail; it fails if one of them does. *)
Fixpoint collect_onto {A B} (f : A -> option B) (l : list A) (acc : list B) : option (list B) :=
  match l with [] => Some (rev_onto acc []) | a :: l' => match f a with None => None | Some b => collect_onto f l' (b :: acc) end end.
Definition collect {A B} (f : A -> option B) (l : list A) : option (list B) := collect_onto f l [].

Fixpoint count_from {A} (n : Z) (l : list A) : Z := match l with [] => n | _ :: l' => count_from (n + 1)%Z l' end.
Definition count {A} (l : list A) : Z := count_from 0 l.

(* Whether a list has exactly n entries; does not look further than n. *)
Definition has_length {A} (n : Z) (l : list A) : bool := Z.eqb (count l) n.

(* The columns of a table, the first one of m columns first. *)
Definition add_row {A} (cols : list (list A)) (row : list A) : list (list A) := tzip (fun a col => a :: col) row cols.
Definition transpose {A} (rows : list (list A)) : list (list A) :=
  match rows with [] => [] | r :: _ => fold add_row (tmap (fun _ => []) r) (rev_onto rows []) end.

(* ---- What they compute ---- *)
Lemma all_forallb {A} (f : A -> bool) l : all f l = forallb f l.
Proof. induction l; simpl; auto. destruct (f a); auto. Qed.

Lemma all_In {A} (f : A -> bool) l : all f l = true -> forall a, In a l -> f a = true.
Proof. rewrite all_forallb. apply forallb_forall. Qed.

Lemma some_In {A} (f : A -> bool) l : some f l = true -> exists a, In a l /\ f a = true.
Proof. induction l as [|a l IH]; simpl; [discriminate|]. destruct (f a) eqn:E; [eauto|]. intros H. destruct (IH H) as [b [? ?]]; eauto. Qed.

Lemma some_false {A} (f : A -> bool) l : some f l = false -> forall a, In a l -> f a = false.
Proof. induction l as [|a l IH]; simpl; [intros _ ? []|]. destruct (f a) eqn:E; [discriminate|]. intros H b [<-|Hb]; auto. Qed.

Lemma rev_onto_spec {A} (l acc : list A) : rev_onto l acc = rev l ++ acc.
Proof. revert acc. induction l as [|a l IH]; intros; simpl; auto. rewrite IH, <- app_assoc. auto. Qed.

Lemma tmap_map {A B} (f : A -> B) l : tmap f l = map f l.
Proof.
  unfold tmap. rewrite rev_onto_spec, app_nil_r.
  assert (G : forall acc, map_onto f l acc = rev (map f l) ++ acc).
  { induction l as [|a l IH]; intros; simpl; auto. rewrite IH, <- app_assoc. auto. }
  rewrite G, app_nil_r. apply rev_involutive.
Qed.

Lemma tzip_zip {A B C} (f : A -> B -> C) u v : tzip f u v = zip f u v.
Proof.
  unfold tzip. rewrite rev_onto_spec, app_nil_r.
  assert (G : forall u v acc, zip_onto f u v acc = rev (zip f u v) ++ acc).
  { clear. induction u as [|a u IH]; intros [|b v] acc; simpl; auto. rewrite IH, <- app_assoc. auto. }
  rewrite G, app_nil_r. apply rev_involutive.
Qed.

Lemma fold_fold_left {A B} (f : B -> A -> B) l : forall b, fold f b l = fold_left f l b.
Proof. induction l; simpl; auto. Qed.

Lemma tfilter_filter {A} (f : A -> bool) l : tfilter f l = filter f l.
Proof.
  unfold tfilter. rewrite rev_onto_spec, app_nil_r.
  assert (G : forall acc, filter_onto f l acc = rev (filter f l) ++ acc).
  { induction l as [|a l IH]; intros; simpl; auto. destruct (f a); rewrite IH; simpl; auto. now rewrite <- app_assoc. }
  rewrite G, app_nil_r. apply rev_involutive.
Qed.

Lemma collect_Forall2 {A B} (f : A -> option B) l m : collect f l = Some m -> Forall2 (fun a b => f a = Some b) l m.
Proof.
  unfold collect.
  assert (G : forall l done acc m, Forall2 (fun a b => f a = Some b) done (rev acc) -> collect_onto f l acc = Some m ->
            Forall2 (fun a b => f a = Some b) (done ++ l) m).
  { clear. induction l as [|a l IH]; intros done acc m H E; simpl in E.
    - inversion E; subst. rewrite rev_onto_spec, !app_nil_r. auto.
    - destruct (f a) as [b|] eqn:Ef; [|discriminate].
      replace (done ++ a :: l) with ((done ++ [a]) ++ l) by (rewrite <- app_assoc; auto).
      apply (IH _ (b :: acc)); auto. simpl. apply Forall2_app; auto. }
  intros H. apply (G l [] [] m); auto. constructor.
Qed.

Lemma count_length {A} (l : list A) : count l = Z.of_nat (length l).
Proof.
  unfold count. assert (G : forall l n, count_from n l = (n + Z.of_nat (@length A l))%Z).
  { clear. induction l; intros; cbn [count_from length]; [lia|]. rewrite IHl. lia. }
  rewrite G. lia.
Qed.

Lemma has_length_spec {A} n (l : list A) : has_length n l = true -> Z.of_nat (length l) = n.
Proof. unfold has_length. rewrite count_length. apply Z.eqb_eq. Qed.

Lemma zip_length {A B C} (f : A -> B -> C) u : forall v, length u = length v -> length (zip f u v) = length v.
Proof. induction u; intros [|b v]; simpl; auto; discriminate. Qed.

Lemma zip_map {S A B C} (f : A -> B -> C) (u : S -> A) (v : S -> B) l : zip f (map u l) (map v l) = map (fun s => f (u s) (v s)) l.
Proof. induction l; simpl; congruence. Qed.

Lemma Forall2_len {A B} (P : A -> B -> Prop) u v : Forall2 P u v -> length u = length v.
Proof. induction 1; simpl; auto. Qed.

Lemma Forall2_nth {A B} (P : A -> B -> Prop) u v da db : Forall2 P u v -> forall j, (j < length u)%nat -> P (nth j u da) (nth j v db).
Proof. induction 1; intros [|j] H1; simpl in *; auto; try lia. apply IHForall2. lia. Qed.

Lemma transpose_nth {S A} (d : A) (f : S -> list A) m l : l <> [] -> (forall s, In s l -> length (f s) = m) ->
  length (transpose (map f l)) = m /\ forall j, (j < m)%nat -> nth j (transpose (map f l)) [] = map (fun s => nth j (f s) d) l.
Proof.
  intros Hl Hf. assert (G : forall l cols, (forall s, In s l -> length (f s) = m) -> length cols = m ->
     length (fold add_row cols (map f l)) = m /\
     forall j, (j < m)%nat -> nth j (fold add_row cols (map f l)) [] = rev (map (fun s => nth j (f s) d) l) ++ nth j cols []).
  { clear. induction l as [|s l IH]; intros cols Hf Hc; simpl; auto.
    assert (Hs : length (f s) = m) by (apply Hf; simpl; auto).
    destruct (IH (add_row cols (f s))) as [L N]; [intros; apply Hf; simpl; auto| |].
    - unfold add_row. rewrite tzip_zip, zip_length; lia.
    - split; auto. intros j Hj. rewrite N by auto. rewrite <- app_assoc. f_equal. simpl. unfold add_row. rewrite tzip_zip.
      clear - Hs Hc Hj. revert j Hj cols Hc. rewrite <- Hs. generalize (f s) as u. induction u as [|a u IHu]; intros j Hj [|c cols] Hc; simpl in *; try lia.
      destruct j; auto. apply IHu; lia. }
  destruct l as [|s l]; [congruence|]. unfold transpose. cbn [map]. rewrite rev_onto_spec, app_nil_r, tmap_map.
  change (f s :: map f l) with (map f (s :: l)). rewrite <- map_rev.
  destruct (G (rev (s :: l)) (map (fun _ => []) (f s))) as [L N].
  - intros x Hx. apply Hf. now apply in_rev.
  - rewrite map_length. apply Hf. simpl. auto.
  - split; auto. intros j Hj. rewrite N by auto. rewrite map_rev, rev_involutive.
    assert (E : nth j (map (fun _ : A => @nil A) (f s)) [] = []).
    { clear. revert j. induction (f s); intros [|j]; simpl; auto. }
    rewrite E, app_nil_r. reflexivity.
Qed.
