(* The rule `second order`: every point nearby is a value of the polynomials of the parameters; names of boundary pairs;
   and a tree of signs that covers all points nearby (proofs/rules/second_order.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound UnitwiseSound Forms Jets Lagrangian.
From Exactsurf Require Evaluate CheckUnitwise CheckConvex CheckDeadUnit CheckSecondOrder Indices.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module S := CheckSecondOrder.

(* ---- Every point nearby is reached by a change of the variables ---- *)
Definition unit_form (k : nat) : list Q := repeat (0#1)%Q k ++ [1#1]%Q.

Lemma lin_unit k : forall y1 x y2, length y1 = k -> lin (unit_form k) (y1 ++ x :: y2) = x.
Proof.
  induction k as [|k IH]; intros [|a y1] x y2 H; try discriminate.
  - unfold lin, unit_form. simpl. assert (E1 : Q2R (1 # 1) = 1) by (unfold Q2R; simpl; lra). rewrite E1. lra.
  - unfold unit_form in *. cbn [repeat app]. rewrite lin_cons. cbn [S.head_of S.tail_of app]. rewrite Q2R_zero, IH by (simpl in H; lia). lra.
Qed.

Definition small (e : R) (d : list R) : Prop := Forall (fun x => Rabs x < e) d.

Lemma row_jets_cover e row : forall v, near_list e (reals row) v -> exists d, length d = length row /\ small e d /\ forall k y1 y2, length y1 = k ->
  snd (S.row_jets (unit_form k) row) = unit_form (k + length d) /\ map (fun J => jet_at J (y1 ++ d ++ y2)) (fst (S.row_jets (unit_form k) row)) = v.
Proof.
  induction row as [|q row IH]; intros v H; inversion H as [|? x ? v' H1 H2]; subst.
  - exists []. split; auto. split; [constructor|]. intros k y1 y2 _. simpl. rewrite Nat.add_0_r. auto.
  - destruct (IH v' H2) as [d [L [SD P]]]. exists ((x - Q2R q) :: d). split; [simpl; auto|]. split; [constructor; auto|]. intros k y1 y2 Hk.
    destruct (P (Datatypes.S k) (y1 ++ [x - Q2R q]) y2) as [A B]. { rewrite app_length. simpl. lia. }
    cbn [S.row_jets]. change ((0#1)%Q :: unit_form k) with (unit_form (Datatypes.S k)). destruct (S.row_jets (unit_form (Datatypes.S k)) row) as [js u]. cbn [fst snd] in *. split.
    + rewrite A. f_equal. simpl. lia.
    + cbn [map]. f_equal.
      * unfold jet_at. cbn [S.constant_of S.linear S.square app]. rewrite quad_nil, lin_unit by auto. lra.
      * rewrite <- app_assoc in B. exact B.
Qed.

Lemma rows_jets_cover e rows : forall vs, Forall2 (near_list e) (map reals rows) vs -> exists d, length d = length (concat rows) /\ small e d /\ forall k y1 y2, length y1 = k ->
  snd (S.rows_jets (unit_form k) rows) = unit_form (k + length d) /\ map (map (fun J => jet_at J (y1 ++ d ++ y2))) (fst (S.rows_jets (unit_form k) rows)) = vs.
Proof.
  induction rows as [|row rows IH]; intros vs H; inversion H as [|? v ? vs' H1 H2]; subst.
  - exists []. split; auto. split; [constructor|]. intros k y1 y2 _. simpl. rewrite Nat.add_0_r. auto.
  - destruct (IH vs' H2) as [d2 [L2 [S2 P2]]]. destruct (row_jets_cover e row v H1) as [d1 [L1 [S1 P1]]]. exists (d1 ++ d2). split; [cbn [concat]; rewrite !app_length; lia|].
    split; [now apply Forall_app|]. intros k y1 y2 Hk. destruct (P1 k y1 (d2 ++ y2) Hk) as [A1 B1]. destruct (P2 (k + length d1)%nat (y1 ++ d1) y2) as [A2 B2]. { rewrite app_length. lia. }
    cbn [S.rows_jets]. destruct (S.row_jets (unit_form k) row) as [js u1]. cbn [fst snd] in *. subst u1. destruct (S.rows_jets _ rows) as [jss u2]. cbn [fst snd] in *. rewrite app_length. split.
    + rewrite A2. f_equal. lia. + cbn [map]. rewrite <- !app_assoc in *. now rewrite B1, B2.
Qed.

Definition entries (l : E.layer) : list Q := concat (E.weights l) ++ match E.bias l with None => [] | Some b => b end.
Lemma layers_jets_cover e ls : forall ls', near e (parameters_R ls) ls' -> exists d, length d = length (concat (map entries ls)) /\ small e d /\ forall k y1 y2, length y1 = k ->
  layers_at (S.layers_jets (unit_form k) ls) (y1 ++ d ++ y2) = ls'.
Proof.
  induction ls as [|l ls IH]; intros ls' H; inversion H as [|? l' ? rest [H1 HB] H2]; subst.
  - exists []. split; auto. split; [constructor|]. auto.
  - destruct (IH rest H2) as [d3 [L3 [S3 P3]]]. destruct (rows_jets_cover e (E.weights l) (weights l') H1) as [d1 [L1 [S1 P1]]]. cbn [map concat]. unfold entries at 1.
    destruct l' as [w' b']. cbn [weights bias layer_R] in *. destruct (E.bias l) as [b|] eqn:EB, b' as [b'|]; simpl in HB; try tauto.
    + destruct (row_jets_cover e b b' HB) as [d2 [L2 [S2 P2]]]. exists (d1 ++ d2 ++ d3). split; [rewrite !app_length; lia|]. split; [repeat (apply Forall_app; split); auto|]. intros k y1 y2 Hk.
      destruct (P1 k y1 (d2 ++ d3 ++ y2) Hk) as [A1 B1]. destruct (P2 (k + length d1)%nat (y1 ++ d1) (d3 ++ y2)) as [A2 B2]. { rewrite app_length. lia. }
      specialize (P3 (k + length d1 + length d2)%nat ((y1 ++ d1) ++ d2) y2). rewrite !app_length in P3. specialize (P3 ltac:(lia)).
      cbn [S.layers_jets]. rewrite EB. destruct (S.rows_jets (unit_form k) _) as [w u1]. cbn [fst snd] in *. subst u1. destruct (S.row_jets _ b) as [c u2]. cbn [fst snd] in *. subst u2.
      cbn [layers_at map]. unfold layer_at at 1. cbn [S.jweights S.jbias option_map]. rewrite <- !app_assoc in *. rewrite B1, B2. unfold layers_at in P3. now rewrite P3.
    + exists (d1 ++ d3). split; [rewrite !app_length; simpl; lia|]. split; [repeat (apply Forall_app; split); auto|]. intros k y1 y2 Hk.
      destruct (P1 k y1 (d3 ++ y2) Hk) as [A1 B1]. specialize (P3 (k + length d1)%nat (y1 ++ d1) y2). rewrite app_length in P3. specialize (P3 ltac:(lia)).
      cbn [S.layers_jets]. rewrite EB. destruct (S.rows_jets (unit_form k) _) as [w u1]. cbn [fst snd] in *. subst u1.
      cbn [layers_at map]. unfold layer_at at 1. cbn [S.jweights S.jbias option_map]. rewrite <- !app_assoc in *. rewrite B1. unfold layers_at in P3. now rewrite P3.
Qed.

Lemma entries_length ls : length (S.entries_of ls) = length (concat (map entries ls)).
Proof.
  assert (G : forall rows acc, length (fold (fun acc (row : list Q) => rev_onto row acc) acc rows) = (length (concat rows) + length acc)%nat).
  { induction rows as [|r rows IH]; intros acc; simpl; auto. rewrite IH, rev_onto_spec, !app_length, rev_length. lia. }
  assert (L : forall l, length (S.row_entries l) = length (entries l)).
  { intros l. unfold S.row_entries, entries. rewrite G, app_length. destruct (E.bias l); auto. rewrite rev_onto_spec, app_nil_r, rev_length. auto. }
  unfold S.entries_of. assert (K : forall l0 acc, length (fold (fun acc l => rev_onto (S.row_entries l) acc) acc l0) = (length (concat (map entries l0)) + length acc)%nat).
  { induction l0 as [|l l0 IH]; intros acc; simpl; auto. rewrite IH, rev_onto_spec, !app_length, rev_length, L. lia. }
  rewrite K. simpl. lia.
Qed.

Lemma layers_jets_biased ms : forall n ls u, shaped n ms ls -> Forall jbiased (S.layers_jets u ls).
Proof.
  assert (R : forall row u, length (fst (S.row_jets u row)) = length row).
  { induction row as [|q row IH]; intros u; cbn [S.row_jets]; auto. specialize (IH ((0#1)%Q :: u)). destruct (S.row_jets _ row). simpl in *. auto. }
  assert (RS : forall rows u, length (fst (S.rows_jets u rows)) = length rows).
  { induction rows as [|r rows IH]; intros u; cbn [S.rows_jets]; auto. destruct (S.row_jets u r) as [js u1]. specialize (IH u1). destruct (S.rows_jets u1 rows). simpl in *. auto. }
  induction ms as [|m ms IH]; intros n [|l ls] u H; simpl in H; try tauto; [constructor|]. destruct H as [H1 [H2 [H3 H4]]]. cbn [S.layers_jets]. specialize (RS (E.weights l) u).
  destruct (S.rows_jets u _) as [w u1]. cbn [fst] in RS. destruct (E.bias l) as [b|].
  - specialize (R b u1). destruct (S.row_jets u1 b) as [c u2]. cbn [fst] in R. constructor; [|eapply IH; eauto]. unfold jbiased. cbn [S.jbias S.jweights]. congruence.
  - constructor; [|eapply IH; eauto]. exact I.
Qed.

Lemma lin_origin u n : lin u (repeat 0 n) = 0.
Proof. unfold lin. revert u. induction n as [|n IH]; intros [|a u]; simpl; auto. unfold reals in IH. rewrite IH. lra. Qed.
Lemma quad_origin f : forall n, quad f (repeat 0 n) = 0.
Proof. induction f as [|u f IH]; intros [|n]; cbn [repeat quad]; auto. rewrite IH. lra. Qed.
Lemma jet_origin J n : jet_at J (repeat 0 n) = Q2R (S.constant_of J).
Proof. unfold jet_at. rewrite lin_origin, quad_origin. lra. Qed.

Lemma layers_jets_origin N ls : forall u, layers_at (S.layers_jets u ls) (repeat 0 N) = parameters_R ls.
Proof.
  assert (R : forall row u, map (fun J => jet_at J (repeat 0 N)) (fst (S.row_jets u row)) = reals row).
  { induction row as [|q row IH]; intros u; cbn [S.row_jets]; auto. specialize (IH ((0#1)%Q :: u)). destruct (S.row_jets _ row). cbn [fst map] in *. rewrite IH, jet_origin. reflexivity. }
  assert (RS : forall rows u, map (map (fun J => jet_at J (repeat 0 N))) (fst (S.rows_jets u rows)) = map reals rows).
  { induction rows as [|r rows IH]; intros u; cbn [S.rows_jets]; auto. specialize (R r u). destruct (S.row_jets u r) as [js u1]. specialize (IH u1). destruct (S.rows_jets u1 rows). cbn [fst map] in *. now rewrite R, IH. }
  induction ls as [|l ls IH]; intros u; cbn [S.layers_jets]; auto. specialize (RS (E.weights l) u). destruct (S.rows_jets u _) as [w u1]. cbn [fst] in RS. unfold parameters_R. cbn [map]. unfold layer_R at 1. destruct (E.bias l) as [b|].
  - specialize (R b u1). destruct (S.row_jets u1 b) as [c u2]. cbn [fst] in R. cbn [layers_at map]. unfold layer_at at 1. cbn [S.jweights S.jbias option_map]. rewrite R, RS. f_equal. apply IH.
  - cbn [layers_at map]. unfold layer_at at 1. cbn [S.jweights S.jbias option_map]. rewrite RS. f_equal. apply IH.
Qed.

Lemma norm_small e d : small e d -> norm d <= INR (length d) * e.
Proof.
  unfold norm. induction 1 as [|x d Hx _ IH]; cbn [sum length]; [simpl; lra|]. rewrite S_INR. lra.
Qed.

(* ---- Names ---- *)
Lemma pair_code_eq a b c d : (0 <= a)%Z -> (0 <= b)%Z -> (0 <= c)%Z -> (0 <= d)%Z -> S.pair_code a b = S.pair_code c d -> a = c /\ b = d.
Proof.
  unfold S.pair_code. intros Ha Hb Hc Hd H. assert (E : (a + b = c + d)%Z).
  { destruct (Z.lt_trichotomy (a + b) (c + d)) as [L|[L|L]]; auto; exfalso; nia. }
  rewrite E in H. lia.
Qed.
Lemma boundary_name_eq l j i l' j' i' : (0 <= l)%Z -> (0 <= j)%Z -> (0 <= i)%Z -> (0 <= l')%Z -> (0 <= j')%Z -> (0 <= i')%Z ->
  S.boundary_name l j i = S.boundary_name l' j' i' -> l = l' /\ j = j' /\ i = i'.
Proof.
  unfold S.boundary_name. intros. apply pair_code_eq in H5; auto; try (unfold S.pair_code; nia). destruct H5 as [A B]. apply pair_code_eq in A; auto. tauto.
Qed.

(* ---- Trees: near a point, one of two signs holds at every split ---- *)
Section Walk.
Variable ev : (list R -> list R -> Prop) -> Prop.
Hypothesis ev_and : forall A B, ev A -> ev B -> ev (fun y e => A y e /\ B y e).
Hypothesis ev_mono : forall A B : list R -> list R -> Prop, (forall y e, A y e -> B y e) -> ev A -> ev B.
Hypothesis ev_true : ev (fun _ _ => True).

Lemma walk_near {M} is_plane leaf empty (obeys : list R -> list R -> U.signs -> Prop) (Goal : list R -> list R -> Prop) :
  (forall ss (mu : M), leaf ss mu = true -> ev (fun y e => obeys y e ss -> Goal y e)) -> (forall ss la, empty ss la = true -> ev (fun y e => obeys y e ss -> Goal y e)) ->
  (forall c ss, is_plane c = true -> ev (fun y e => obeys y e ss -> obeys y e ((c, true) :: ss) \/ obeys y e ((c, false) :: ss))) ->
  forall nodes i pending, U.walk is_plane leaf empty i pending nodes = true -> ev (fun y e => (exists k ss, In (k, ss) pending /\ obeys y e ss) -> Goal y e).
Proof.
  intros HL HE HS. induction nodes as [|nd rest IH]; intros i pending H; cbn [U.walk] in H.
  - destruct pending; [|discriminate]. apply (ev_mono _ _) with (2 := ev_true). intros y e _ [k [ss [[] _]]].
  - destruct (U.take_from i pending []) as [[ts others]|] eqn:T; [|discriminate].
    assert (TF : forall k ss, In (k, ss) pending -> ss = ts \/ In (k, ss) others).
    { intros k ss Hin. destruct (take_from_spec _ _ _ _ _ T (k, ss) (or_intror Hin)) as [E|E]; auto. inversion E; auto. }
    destruct nd as [c p m|mu|la].
    + match type of H with (if ?b then _ else _) = _ => destruct b eqn:B; [|discriminate] end. split_and B.
      apply (ev_mono _ _) with (2 := ev_and _ _ (IH _ _ H) (HS c ts ltac:(auto))). intros y e [A Q] [k [ss [Hin Ho]]]. apply A. destruct (TF k ss Hin) as [->|E].
      * destruct (Q Ho) as [O|O]; [exists p, ((c, true) :: ts)|exists m, ((c, false) :: ts)]; simpl; auto.
      * exists k, ss. simpl; auto.
    + destruct (leaf ts mu) eqn:L; [|discriminate]. apply (ev_mono _ _) with (2 := ev_and _ _ (IH _ _ H) (HL ts mu L)). intros y e [A Q] [k [ss [Hin Ho]]]. destruct (TF k ss Hin) as [->|E]; eauto.
    + destruct (empty ts la) eqn:L; [|discriminate]. apply (ev_mono _ _) with (2 := ev_and _ _ (IH _ _ H) (HE ts la L)). intros y e [A Q] [k [ss [Hin Ho]]]. destruct (TF k ss Hin) as [->|E]; eauto.
Qed.
End Walk.
