(* Dual vectors bound the risk from below at all parameters (proofs/claims/global_minimum.md, sections 1, 4, 5 and 8). *)
From Coq Require Import ZArith QArith Qreals Reals List Permutation Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound.
From Exactsurf Require Import UnitwiseSound UnitwiseRule Indices ConvexCells BoundForms.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckBound.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module B := CheckBound.

(* ---- Weak duality for one sample ---- *)
Lemma qdiv_R x y : 0 < Q2R y -> Q2R (B.qdiv x y) = Q2R x / Q2R y.
Proof.
  intros H. destruct y as [n d]. assert (Hn : (0 < n)%Z). { apply lt_IZR. rewrite Q2R_make in H. unfold real in H. apply (Rmult_lt_compat_r (IZR (Zpos d))) in H; auto. unfold Rdiv in H. rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_0_l in H; auto. }
  unfold B.qdiv. cbn [Qnum Qden]. rewrite quotient_R by nia. rewrite !mult_IZR. destruct x as [a b]. rewrite !Q2R_make. unfold real. cbn [Qnum Qden]. field. repeat split; auto. apply not_0_IZR. lia.
Qed.

Lemma has_slope_sound ks : forall q u s, B.has_slope q ks u s = true -> subdifferential (quadratic_R q) (map piece_R ks) (Q2R u) (Q2R s).
Proof.
  induction ks as [|[t q'] ks IH]; intros q u s H; cbn [B.has_slope map piece_R subdifferential fst snd] in *.
  - apply qeqb_R in H. now rewrite H, qslope_R.
  - destruct (qltb u t) eqn:L.
    + left. apply qltb_R in L. apply qeqb_R in H. rewrite H, qslope_R. auto.
    + destruct (qeqb u t) eqn:Q.
      * right. left. apply qeqb_R in Q. apply both in H as [H1 H2]. apply qleb_R in H1, H2. rewrite !qslope_R in *. auto.
      * right. right. split; [|auto]. apply qltb_false in L. destruct (Req_dec (Q2R u) (Q2R t)) as [F|F]; [apply qeqb_R in F; congruence|lra].
Qed.

Lemma value_at_R ks : forall q u, Q2R (B.value_at q ks u) = piecewise (quadratic_R q) (map piece_R ks) (Q2R u).
Proof.
  induction ks as [|[t q'] ks IH]; intros q u; cbn [B.value_at map piece_R piecewise fst snd]; [apply qvalue_R|].
  destruct (Rle_dec (Q2R u) (Q2R t)) as [L|L].
  - assert (E : qleb u t = true). { destruct (qleb u t) eqn:F; auto. exfalso. assert (qltb t u = true) by (unfold qltb, qleb in *; apply Z.leb_gt in F; apply Z.ltb_lt; lia). apply qltb_R in H. lra. }
    rewrite E. apply qvalue_R.
  - destruct (qleb u t) eqn:F; [apply qleb_R in F; lra|]. apply IH.
Qed.

Lemma sample_bound_sound l c y r b : B.sample_bound l c y r = Some b -> convex (loss_R l) -> 0 < Q2R c -> labels (E.gap_of l) [Q2R y] ->
  forall f, Q2R b + Q2R r * f <= Q2R c * loss_of (loss_R l) [f] [Q2R y].
Proof.
  intros H HV Hc HL f. unfold B.sample_bound in H. cbv zeta in H.
  set (sg := match E.gap_of l with Margin => if qltb y 0 then qopp r else r | _ => r end) in H.
  set (u := B.place_of_slope _ _ _) in H. destruct (B.has_slope _ _ u _) eqn:HS; [|discriminate]. apply has_slope_sound in HS.
  pose proof (piecewise_subgradient (more_pieces (loss_R l)) None (first_piece (loss_R l)) (Q2R u) _ HV HS) as SG. rewrite qdiv_R in SG by exact Hc.
  set (value := B.value_at _ _ u) in H. assert (EV : Q2R value = piecewise (first_piece (loss_R l)) (more_pieces (loss_R l)) (Q2R u)) by apply value_at_R.
  assert (SC : forall v, Q2R c * Q2R value + Q2R sg * (v - Q2R u) <= Q2R c * ell (loss_R l) v).
  { intros v. specialize (SG v). rewrite <- EV in SG. unfold ell.
    apply (Rmult_le_compat_l (Q2R c)) in SG; [|lra]. eapply Rle_trans; [|exact SG]. right. field. lra. }
  unfold loss_of, terms, term. cbn [gap_of loss_R dot]. destruct (E.gap_of l) eqn:G; try discriminate; inversion H; subst b; clear H; rewrite !qadd_R, !qopp_R, !qmul_R.
  - specialize (SC (f - Q2R y)). unfold sg in *. lra.
  - specialize (SC (Q2R y * f)). inversion HL as [|? ? H1 _]; subst. unfold sg in *. rewrite Rplus_0_r. destruct (qltb y 0) eqn:L.
    + apply qltb_R in L. rewrite Q2R_0 in L. rewrite qopp_R in *. destruct H1 as [H1|H1]; rewrite H1 in *; lra.
    + apply qltb_false in L. rewrite Q2R_0 in L. destruct H1 as [H1|H1]; rewrite H1 in *; lra.
Qed.

(* ---- The tree ---- *)
Lemma sum_permutation {A} (l l' : list A) f : Permutation l l' -> sum l f = sum l' f.
Proof. induction 1; simpl; lra. Qed.

Lemma replace_spec {A} (a1 : A) l : forall n a, D.pick n l = Some a -> exists l1 l2, l = l1 ++ a :: l2 /\ B.replace_from n a1 l [] = l1 ++ a1 :: l2.
Proof.
  assert (G : forall l n a passed, D.pick n l = Some a -> exists l1 l2, l = l1 ++ a :: l2 /\ B.replace_from n a1 l passed = rev passed ++ l1 ++ a1 :: l2).
  { clear l. induction l as [|b l0 IH]; intros n a passed H; cbn [D.pick B.replace_from] in H |- *; [discriminate H|]. destruct (n =? 0)%Z.
    - inversion H; subst. exists [], l0. split; auto. apply rev_onto_spec.
    - destruct (IH _ _ (b :: passed) H) as [l1 [l2 [P1 P2]]]. exists (b :: l1), l2. subst. split; auto. rewrite P2. simpl. now rewrite <- app_assoc. }
  intros n a H. destruct (G l n a [] H) as [l1 [l2 [P1 P2]]]. exists l1, l2. auto.
Qed.

Lemma split_pair {A C} (P : A -> C -> Prop) l us a y : Forall2 P l us -> In (a, y) (combine l us) ->
  exists l1 l2 u1 u2, l = l1 ++ a :: l2 /\ us = u1 ++ y :: u2 /\ Forall2 P l1 u1 /\ Forall2 P l2 u2 /\ P a y.
Proof.
  induction 1 as [|b x l us H1 H2 IH]; simpl; [tauto|]. intros [E|Hin].
  - inversion E; subst. exists [], l, [], us. repeat split; auto.
  - destruct (IH Hin) as [l1 [l2 [u1 [u2 [-> [-> [Q1 [Q2 Q3]]]]]]]]. exists (b :: l1), l2, (x :: u1), u2. repeat split; auto.
Qed.

Lemma swap_ends {C} (x y : C) v u : Permutation (y :: v ++ x :: u) (x :: v ++ y :: u).
Proof.
  transitivity (y :: x :: v ++ u); [apply perm_skip; symmetry; apply Permutation_middle|]. transitivity (x :: y :: v ++ u); [apply perm_swap|]. apply perm_skip, Permutation_middle.
Qed.

(* If a unit whose region is that of unit n is in its new region, exchange the two. *)
Lemma exchange {A C} (P : A -> C -> Prop) regions us n a a1 y : Forall2 P regions us -> D.pick n regions = Some a ->
  In (a, y) (combine regions us) -> P a1 y -> exists us', Permutation us us' /\ Forall2 P (B.replace_from n a1 regions []) us'.
Proof.
  intros HF HP Hin Hy. destruct (replace_spec a1 _ _ _ HP) as [l1 [l2 [E1 ->]]]. subst regions.
  apply Forall2_app_inv_l in HF. destruct HF as [u1 [u2' [F1 [F2 ->]]]]. inversion F2 as [|? x ? u2 F3 F4]; subst.
  assert (Hc : In (a, y) (combine l1 u1) \/ y = x \/ In (a, y) (combine l2 u2)).
  { assert (G : combine (l1 ++ a :: l2) (u1 ++ x :: u2) = combine l1 u1 ++ (a, x) :: combine l2 u2).
    { clear - F1. induction F1; simpl; auto. now rewrite IHF1. } rewrite G in Hin. apply in_app_iff in Hin. simpl in Hin. destruct Hin as [Hin|[Hin|Hin]]; auto. inversion Hin; auto. }
  destruct Hc as [Hc|[->|Hc]].
  - destruct (split_pair P _ _ _ _ F1 Hc) as [k1 [k2 [v1 [v2 [-> [-> [G1 [G2 _]]]]]]]]. exists ((v1 ++ x :: v2) ++ y :: u2). split.
    + rewrite <- !app_assoc. apply Permutation_app_head. apply swap_ends.
    + apply Forall2_app; [apply Forall2_app; auto|]; constructor; auto.
  - exists (u1 ++ x :: u2). split; [apply Permutation_refl|]. apply Forall2_app; auto. 
  - destruct (split_pair P _ _ _ _ F4 Hc) as [k1 [k2 [v1 [v2 [-> [-> [G1 [G2 _]]]]]]]]. exists (u1 ++ y :: (v1 ++ x :: v2)). split.
    + apply Permutation_app_head. apply swap_ends.
    + apply Forall2_app; auto. constructor; auto. apply Forall2_app; auto.
Qed.

Lemma same_region_spec a b : B.same_region a b = true -> a = b.
Proof.
  unfold B.same_region. intros H. apply both in H as [H1 H2]. apply same_side_spec in H1. apply same_sides_spec in H2. destruct a, b; simpl in *; congruence.
Qed.

Section Tree.
Variables (h : E.activation) (rows : list (list Z)) (ds : list positive).
Hypothesis HR : forall row, In row rows -> length row = length ds.
Hypothesis HN : rows <> [].
Let k := B.walls_of h (rows, ds).
Notation value := (form_value h rows ds).
Notation walls := (wall_values h rows ds).

(* A unit: its output weight, and its weights with the bias behind them. *)
Definition unit := (R * list R)%type.
Definition inside (a : B.region) (u : unit) : Prop := on_side (B.sign a) (fst u) /\ obeys (B.required a) (walls (snd u)).
Definition total_of (r : list Q) (us : list unit) : R := sum us (fun u => fst u * value (reals r) (snd u)).

Lemma cut_spec wall a above below : B.cut wall true a = Some above -> B.cut wall false a = Some below -> forall u, inside a u -> inside above u \/ inside below u.
Proof.
  unfold B.cut. intros H1 H2 u [I1 I2]. destruct wall as [n|].
  - destruct (B.with_side n true _) as [s1|] eqn:E1; [|discriminate]. destruct (B.with_side n false _) as [s2|] eqn:E2; [|discriminate]. inversion H1; inversion H2; subst. unfold inside. cbn [B.sign B.required].
    destruct (with_side_spec _ _ _ _ _ E1 I2) as [x [P1 O1]]. destruct (with_side_spec _ _ _ _ _ E2 I2) as [x' [P2 O2]]. rewrite P1 in P2. inversion P2; subst x'. simpl in O1, O2.
    destruct (Rle_or_lt 0 x); [left|right]; split; auto. apply O2. lra.
  - destruct (B.sign a) eqn:S; [discriminate|]. inversion H1; inversion H2; subst. unfold inside. simpl. destruct (Rle_or_lt 0 (fst u)); [left|right]; split; auto. lra.
Qed.

Variables (duals : list (list Q)) (forms : list B.form).
Hypothesis HD : forall r, In r duals -> length r = length rows.
Hypothesis HF : forall f, In f forms -> B.check_form h k duals f = true.

Lemma unit_bounded_sound d r a ns u : D.pick d duals = Some r -> B.unit_bounded forms d a ns = true -> inside a u -> 0 <= fst u * value (reals r) (snd u).
Proof.
  intros HP H [I1 I2]. unfold B.unit_bounded in H. apply both in H as [H _]. apply both in H as [H1 H2].
  assert (S : forall s, some (B.says forms d s a) ns = true -> 0 <= (if s then 1 else -1) * value (reals r) (snd u)).
  { intros s Hs. apply some_In in Hs. destruct Hs as [n [_ Hs]]. unfold B.says in Hs. destruct (D.pick n forms) as [f|] eqn:EF; [|discriminate].
    apply both in Hs as [Hs W]. apply both in Hs as [Hs E0]. apply pick_in in EF. apply Z.eqb_eq in Hs. apply eqb_prop in E0. destruct (check_form_sound h rows ds HR HN duals f (HF f EF) HD) as [r' [P Q]].
    rewrite Hs, HP in P. inversion P; subst r'. rewrite E0 in Q. apply Q. eapply within_spec; eauto. }
  destruct (B.sign a) as [[]|]; simpl in I1.
  - specialize (S true H1). cbv iota in S. nra.
  - specialize (S false H2). cbv iota in S. nra.
  - rewrite I1. lra.
  - pose proof (S true H1). pose proof (S false H2). cbv iota in *. assert (V0 : value (reals r) (snd u) = 0) by lra. rewrite V0. lra.
Qed.

Theorem tree_of_regions_sound regions nodes : B.visit (B.cut_step k (count duals) forms) 0 [(0%Z, regions)] nodes = true ->
  forall us, Forall2 inside regions us -> exists r, In r duals /\ 0 <= total_of r us.
Proof.
  intros H. refine (visit_sound _ (fun regions => forall us, Forall2 inside regions us -> exists r, In r duals /\ 0 <= total_of r us) _ nodes 0%Z _ H 0%Z regions (or_introl eq_refl)).
  clear H regions nodes. intros regions nd cs H HC us HI. destruct nd as [j wall p m|d ns]; cbn [B.cut_step] in H.
  - destruct (B.is_cuttable k wall); [|discriminate]. destruct (D.pick j regions) as [a|] eqn:EP; [|discriminate].
    destruct (B.cut wall true a) as [above|] eqn:E1; [|discriminate]. destruct (B.cut wall false a) as [below|] eqn:E2; [|discriminate]. inversion H; subst cs. clear H.
    rewrite tmap_map in HC. pose proof (cut_spec _ _ _ _ E1 E2) as CS.
    assert (G : (exists y, In (a, y) (combine regions us) /\ inside above y) \/ Forall2 inside (map (fun b => if B.same_region a b then below else b) regions) us).
    { clear - HI CS. induction HI as [|b u regions us H1 H2 IH]; [right; constructor|]. destruct IH as [[y [Y1 Y2]]|IH]; [left; exists y; simpl; auto|].
      cbn [map]. destruct (B.same_region a b) eqn:ES; [|right; constructor; auto]. apply same_region_spec in ES. subst b.
      destruct (CS u H1) as [Q|Q]; [left; exists u; simpl; auto|right; constructor; auto]. }
    destruct G as [[y [Y1 Y2]]|G].
    + destruct (exchange inside regions us j a above y HI EP Y1 Y2) as [us' [Q1 Q2]].
      destruct (HC p _ (or_introl eq_refl) us' Q2) as [r [R1 R2]]. exists r. split; auto. unfold total_of in *. now rewrite (sum_permutation _ _ _ Q1).
    + exact (HC m _ (or_intror (or_introl eq_refl)) us G).
  - match type of H with (if ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end. apply both in EB as [EB HA]. apply both in EB as [EB HL]. apply both in EB as [B1 B2].
    apply Z.leb_le in B1. apply Z.ltb_lt in B2. apply Z.eqb_eq in HL. rewrite !count_length in *.
    assert (exists r, D.pick d duals = Some r) as [r ER].
    { clear - B1 B2. revert d B1 B2. induction duals as [|r rs IH]; intros d B1 B2; cbn [length] in B2; [lia|]. simpl. destruct (Z.eqb_spec d 0); [eauto|]. apply IH; lia. }
    exists r. split; [eapply pick_in; eauto|]. unfold total_of. rewrite tzip_zip in HA.
    assert (LN : length ns = length regions) by lia. clear - HA HI ER HF HD HR HN LN. revert ns HA LN. induction HI as [|a u regions us H1 H2 IH]; intros [|n ns] HA LN; simpl in LN; try discriminate; simpl; [lra|].
    cbn [zip all] in HA. apply both in HA as [A1 A2]. pose proof (unit_bounded_sound _ _ _ _ _ ER A1 H1). pose proof (IH ns A2 ltac:(lia)). lra.
Qed.
End Tree.

(* ---- All parameters ---- *)
Lemma dot_sum v : forall ws (f : list R -> R), length v = length ws -> dot v (map f ws) = sum (combine v ws) (fun u => fst u * f (snd u)).
Proof. induction v as [|a v IH]; intros [|w ws] f L; simpl in *; try discriminate; [lra|]. rewrite IH by lia. reflexivity. Qed.

(* What the hidden units read: the inputs, with 1 behind them if there is a bias. *)
Lemma extended_inputs p n ms b1 : good_problem p n ms -> exists row ds, U.extend b1 (table_of (map E.inputs (E.data p))) = (map row (E.data p), ds)
  /\ (forall s, In s (E.data p) -> length (row s) = length ds)
  /\ forall l s, match bias l with None => b1 = false | Some _ => b1 = true end -> In s (E.data p) -> row_reals ds (row s) = input l (reals (E.inputs s)).
Proof.
  intros HP. destruct (input_rows p n ms HP) as [X [X1 [X2 X3]]]. set (x := table_of (map E.inputs (E.data p))) in *.
  set (row := fun s : sample => if b1 then X s ++ [1%Z] else X s). set (ds := if b1 then snd x ++ [1%positive] else snd x). exists row, ds. split; [|split].
  - unfold U.extend, row, ds. destruct b1.
    + rewrite tmap_map, append_app, X1, !map_map. f_equal. apply map_ext. intros s. apply append_app.
    + rewrite (surjective_pairing x), X1. reflexivity.
  - intros s Hs. destruct (X2 _ Hs) as [_ L]. unfold row, ds. destruct b1; rewrite ?app_length; cbn [length]; lia.
  - intros l s HB Hs. destruct (X2 _ Hs) as [EX L]. unfold row, ds, input. destruct (bias l).
    + subst b1. rewrite row_reals_append by lia. now rewrite EX. + subst b1. exact EX.
Qed.

Lemma extended_rows p n ms b1 : good_problem p n ms -> let t := U.extend b1 (table_of (map E.inputs (E.data p))) in
  (forall r, In r (fst t) -> length r = length (snd t)) /\ fst t <> [] /\ length (fst t) = length (E.data p).
Proof.
  intros HP. destruct (extended_inputs p n ms b1 HP) as [row [ds [-> [H _]]]]. cbn [fst snd]. split.
  - intros r Hr. apply in_map_iff in Hr. destruct Hr as [s [<- Hs]]. auto.
  - split; [intros F; apply map_eq_nil in F; now apply (good_data _ _ _ HP)|apply map_length].
Qed.

(* The hidden units of parameters. *)
Definition units_at (ls : list layer) : list unit := match ls with [l1; l2] => combine (hd [] (weights l2)) (augmented l1) | _ => [] end.

(* A dual vector bounds the risk where its terms of the units are not negative. *)
Theorem dual_vector_sound p n m b1 b2 bound r ls : good_problem p n [m; 1%nat] -> E.convex (E.loss_on p) = true ->
  fits n [m; 1%nat] ls -> has_biases [b1; b2] ls -> B.check_dual p b2 bound r = true -> let t := U.extend b1 (table_of (map E.inputs (E.data p))) in
  0 <= total_of (E.activation_of p) (fst t) (snd t) r (units_at ls) -> Q2R bound <= risk (problem_R p) ls.
Proof.
  intros HP HV HS HB HD t R2. destruct (extended_inputs p n [m; 1%nat] b1 HP) as [row [ds [ET [LR RD0]]]]. unfold t in R2. clear t. rewrite ET in R2. cbn [fst snd] in R2.
  set (rows := map row (E.data p)) in *. set (h := E.activation_of p) in *.
  (* the network *)
  destruct ls as [|l1 [|l2 [|? ?]]]; simpl in HS; try tauto. destruct HS as [S1 [S2 [S3 [S4 [S5 [S6 _]]]]]].
  destruct (weights l2) as [|v [|? ?]] eqn:EV; simpl in S4; try discriminate. inversion S5 as [|? ? LV _]; subst.
  inversion HB as [|? ? ? ? HB1 HB']; subst. inversion HB' as [|? ? ? ? HB2 _]; subst.
  assert (beta : exists beta, (b2 = false -> beta = 0) /\ forall z, affine l2 z = [dot v z + beta]).
  { unfold affine. rewrite EV. simpl. destruct (bias l2) as [b|]; [|exists 0; split; auto; intros; f_equal; lra]. destruct b as [|c [|? ?]]; simpl in S6; try discriminate. exists c. split; [congruence|auto]. }
  destruct beta as [beta [Hbeta HA2]]. set (ws := augmented l1).
  assert (LW : length ws = length (weights l1)).
  { unfold ws, augmented. destruct (bias l1) as [b|]; auto. rewrite zip_length; congruence. }
  assert (RD : forall s, In s (E.data p) -> row_reals ds (row s) = input l1 (reals (E.inputs s))) by (intros; apply RD0; auto).
  unfold units_at in R2. rewrite EV in R2. cbn [hd] in R2. fold ws in R2.
  assert (PR : forall s, In s (E.data p) -> predict (act_R h) [l1; l2] (reals (E.inputs s)) = [sum (combine v ws) (fun u => fst u * act (act_R h) (read ds (snd u) (row s))) + beta]).
  { intros s Hs. cbn [predict]. rewrite HA2. f_equal. f_equal. rewrite affine_augmented.
    - rewrite map_map. fold ws. rewrite (dot_sum v ws (fun w => act (act_R h) (dot w (input l1 (reals (E.inputs s)))))) by congruence. apply sum_ext. intros u _. unfold read. rewrite (RD s Hs), dot_comm. reflexivity.
    - rewrite Forall_forall in S2. intros w Hw. rewrite S2 by auto. unfold reals. rewrite map_length. symmetry. now apply (good_rows _ _ _ HP).
    - intros b Eb. rewrite Eb in S3. congruence. }
  (* the bound *)
  unfold B.check_dual in HD. apply both in HD as [Q QB]. apply both in Q as [Q QS]. apply Z.eqb_eq in Q. rewrite !count_length in Q.
  destruct (fold (B.add_bound p) _ _) as [b|] eqn:EB; [|discriminate]. apply qleb_R in QB. rewrite tzip_zip in EB.
  rewrite (risk_sum p). eapply Rle_trans; [exact QB|].
  set (F := fun s : sample => sum (combine v ws) (fun u => fst u * act (act_R h) (read ds (snd u) (row s))) + beta).
  assert (SUM : Q2R b + sum (combine r (E.data p)) (fun rs => Q2R (fst rs) * F (snd rs)) <= Q2R (E.scale p) * sum (E.data p) (fun s => Q2R (E.weight s) * loss_of (loss_R (E.loss_on p)) (predict (act_R h) [l1; l2] (reals (E.inputs s))) (reals (E.targets s)))).
  { assert (LR1 : length r = length (E.data p)) by lia. pose proof (good_rows _ _ _ HP) as GR. pose proof (good_scale _ _ _ HP) as GS. apply qltb_R in GS. rewrite Q2R_0 in GS.
    assert (G : forall d r a b, (forall s, In s d -> In s (E.data p)) -> length r = length d -> fold (B.add_bound p) (Some a) (zip pair d r) = Some b ->
      Q2R b + sum (combine r d) (fun rs => Q2R (fst rs) * F (snd rs)) <= Q2R a + Q2R (E.scale p) * sum d (fun s => Q2R (E.weight s) * loss_of (loss_R (E.loss_on p)) (predict (act_R h) [l1; l2] (reals (E.inputs s))) (reals (E.targets s)))).
    { induction d as [|s d IH]; intros [|r0 r'] a b0 HI L HQ; simpl in L; try discriminate; cbn [zip fold combine sum] in *. { inversion HQ; subst. lra. }
      assert (NF : forall l, fold (B.add_bound p) None l = None) by (intros l; induction l as [|? l0 IHl]; simpl; auto).
      unfold B.add_bound at 2 in HQ. cbn [fst snd] in HQ. destruct (GR s (HI s (or_introl eq_refl))) as [_ [LT [LB PW]]].
      destruct (E.targets s) as [|y [|? ?]] eqn:ETs; try (rewrite NF in HQ; discriminate). destruct (B.sample_bound _ _ y r0) as [c|] eqn:ES; [|rewrite NF in HQ; discriminate].
      specialize (IH r' (qadd a c) b0 ltac:(intros; apply HI; simpl; auto) ltac:(lia) HQ). rewrite qadd_R in IH.
      pose proof (sample_bound_sound _ _ _ _ _ ES (convex_sound _ HV) ltac:(rewrite qmul_R; now apply Rmult_lt_0_compat) LB (F s)) as SB. rewrite qmul_R in SB.
      rewrite (PR s (HI s (or_introl eq_refl))). fold (F s). cbn [fst snd reals map]. lra. }
    pose proof (G (E.data p) r 0%Q b (fun s Hs => Hs) ltac:(lia) EB) as G1. rewrite Q2R_0 in G1. lra. }
  eapply Rle_trans; [|exact SUM]. 
  assert (T : sum (combine r (E.data p)) (fun rs => Q2R (fst rs) * F (snd rs)) = total_of h rows ds r (combine v ws) + beta * sum r Q2R).
  { assert (L : length r = length (E.data p)) by lia. unfold total_of, form_value, reading, rows, F, unit.
    clear - L. revert r L. generalize (E.data p) as d. induction d as [|s d IH]; intros [|q r] L; simpl in L; try discriminate; cbn [combine sum map reals dot].
    - rewrite Rmult_0_r, Rplus_0_r. symmetry. apply sum_0. intros. simpl. lra.
    - rewrite (IH r) by lia. cbn [fst snd].
      rewrite (sum_ext (combine v ws) (fun u => fst u * (Q2R q * act (act_R h) (read ds (snd u) (row s)) + dot (map Q2R r) (map (act (act_R h)) (map (read ds (snd u)) (map row d)))))
         (fun u => Q2R q * (fst u * act (act_R h) (read ds (snd u) (row s))) + fst u * dot (map Q2R r) (map (act (act_R h)) (map (read ds (snd u)) (map row d))))) by (intros; lra).
      rewrite sum_plus, sum_scal. unfold reals. lra. }
  rewrite T. assert (Z0 : beta * sum r Q2R = 0).
  { destruct b2.
    - apply qeqb_R in QS. rewrite fold_qadd, Q2R_0 in QS. replace (sum r Q2R) with 0 by lra. lra.
    - rewrite Hbeta by auto. lra. }
  lra.
Qed.

(* Without requirements a region holds everything. *)
Lemma free_everywhere h rows ds {A} (l : list A) us : length l = length us ->
  Forall2 (inside h rows ds) (map (fun _ => B.Region None (B.tflat (fun _ : list Z => map (fun _ : Q * Q => None) (B.turns_at (B.walls_of h (rows, ds)))) rows)) l) us.
Proof.
  intros L.
  assert (EFree : forall w, obeys (B.tflat (fun _ : list Z => map (fun _ : Q * Q => None) (B.turns_at (B.walls_of h (rows, ds)))) rows) (wall_values h rows ds w)).
  { intros w. rewrite tflat_spec. unfold wall_values. assert (EK : B.turns_at (B.walls_of h (rows, ds)) = B.turns h) by (unfold B.walls_of; destruct (align _); reflexivity). rewrite EK.
    generalize rows as rs. induction rs as [|r rs IH]; simpl; [constructor|]. apply Forall2_app; auto. clear. generalize (B.turns h) as ts. induction ts as [|t ts IH]; simpl; constructor; [exact I|exact IH]. }
  revert us L. induction l as [|a l IH]; intros [|u us] L; simpl in *; try discriminate; constructor; auto. split; [exact I|apply EFree].
Qed.

Lemma units_count n m ls : fits n [m; 1%nat] ls -> length (units_at ls) = m.
Proof.
  intros HS. destruct ls as [|l1 [|l2 [|? ?]]]; simpl in HS; try tauto. destruct HS as [S1 [S2 [S3 [S4 [S5 [S6 _]]]]]].
  destruct (weights l2) as [|v [|? ?]] eqn:EV; simpl in S4; try discriminate. inversion S5 as [|? ? LV _]; subst. unfold units_at. rewrite EV. cbn [hd]. unfold unit. rewrite combine_length.
  assert (LW : length (augmented l1) = length (weights l1)). { unfold augmented. destruct (bias l1) as [b|]; auto. rewrite zip_length; congruence. } lia.
Qed.

Theorem check_bound_sound p n ms bound e : good_problem p n ms -> n = Z.to_nat (hd 0%Z (E.widths p)) -> ms = map Z.to_nat (tl (E.widths p)) ->
  E.convex (E.loss_on p) = true -> B.check_bound p bound e = true -> lower_bound (problem_R p) n ms (E.biases p) (Q2R bound).
Proof.
  intros HP En Em HV H ls HS HB. unfold B.check_bound in H.
  destruct (E.widths p) as [|n0 [|m [|one [|? ?]]]] eqn:EW; try discriminate. destruct (E.biases p) as [|b1 [|b2 [|? ?]]]; try discriminate.
  destruct (extended_rows p n ms b1 HP) as [LR [NR LN]]. rewrite !tmap_map in H. cbv zeta in H. set (t := U.extend b1 (table_of (map E.inputs (E.data p)))) in *.
  set (h := E.activation_of p) in *. set (k := B.walls_of h t) in *.
  apply both in H as [H HT]. apply both in H as [H HF]. apply both in H as [H HD]. apply both in H as [H1 _]. apply Z.eqb_eq in H1. subst one.
  destruct (B.first_leaf (B.tree_of e)) as [leaf|] eqn:EL; [|discriminate]. apply both in HT as [HL HT]. apply has_length_spec in HL. rewrite tmap_map in HT.
  cbn [tl map] in Em. subst ms. cbn [hd] in En.
  cbn [Z.to_nat] in *. change (Pos.to_nat 1) with 1%nat in *.
  assert (LD : forall r, In r (B.dual_vectors e) -> length r = length (fst t)).
  { intros r Hr. pose proof (all_In _ _ HD _ Hr) as Q. unfold B.check_dual in Q. apply both in Q as [Q _]. apply both in Q as [Q _]. apply Z.eqb_eq in Q. rewrite !count_length in Q. lia. }
  assert (CF : forall f, In f (B.forms_of e) -> B.check_form h k (B.dual_vectors e) f = true) by (intros f Hf; pose proof (all_In _ _ HF _ Hf) as Q; apply both in Q as [_ Q]; exact Q).
  unfold k in CF, HT. rewrite (surjective_pairing t) in CF, HT.
  destruct (tree_of_regions_sound h (fst t) (snd t) LR NR _ _ LD CF _ _ HT (units_at ls)) as [r [R1 R2]].
  { apply free_everywhere. rewrite (units_count n (Z.to_nat m) ls HS). lia. }
  apply (dual_vector_sound p n (Z.to_nat m) b1 b2 bound r ls HP HV HS HB (all_In _ _ HD _ R1) R2).
Qed.
