(* A form of one unit, the sum of q h(x . w) over the samples, is not negative on a region: by lines below it that add up to a
   constant (proofs/claims/global_minimum.md, section 8). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Numbers NumbersSound ForwardSound UnitwiseSound Indices ConvexCells.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckBound.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module B := CheckBound.

(* ---- Trees as lists of nodes ---- *)
Lemma new_children_spec {A} i (cs : U.named A) : forall others open, B.new_children i cs others = Some open ->
  forall e, In e cs \/ In e others -> In e open.
Proof.
  induction cs as [|[n a] cs IH]; intros others open H e He; simpl in H.
  - inversion H; subst. destruct He as [[]|He]. exact He.
  - destruct (_ &&& _); [|discriminate]. apply (IH _ _ H). simpl. destruct He as [[He|He]|He]; auto.
Qed.

Theorem visit_sound {A N} (step : A -> N -> option (U.named A)) (Good : A -> Prop) :
  (forall a nd cs, step a nd = Some cs -> (forall k b, In (k, b) cs -> Good b) -> Good a) ->
  forall nodes i pending, B.visit step i pending nodes = true -> forall k a, In (k, a) pending -> Good a.
Proof.
  intros HS. induction nodes as [|nd rest IH]; intros i pending H k a Hin; cbn [B.visit] in H.
  - destruct pending; [destruct Hin|discriminate].
  - destruct (U.take_from i pending []) as [[b others]|] eqn:T; [|discriminate]. destruct (step b nd) as [cs|] eqn:ES; [|discriminate].
    destruct (B.new_children i cs others) as [open|] eqn:EN; [|discriminate]. pose proof (new_children_spec _ _ _ _ EN) as C.
    destruct (take_from_spec _ _ _ _ _ T (k, a) (or_intror Hin)) as [Q|Q].
    + inversion Q; subst. apply (HS _ _ _ ES). intros k' b' Hb. apply (IH _ _ H k'). apply C. now left.
    + apply (IH _ _ H k). apply C. now right.
Qed.

(* ---- Lists ---- *)
Lemma tflat_spec {A C} (f : A -> list C) l : B.tflat f l = flat_map f l.
Proof.
  unfold B.tflat. rewrite rev_onto_spec, app_nil_r.
  assert (G : forall l acc, fold (fun acc a => rev_onto (f a) acc) acc l = rev (flat_map f l) ++ acc).
  { clear. induction l as [|a l IH]; intros acc; simpl; auto. rewrite IH, rev_onto_spec, rev_app_distr, <- app_assoc. reflexivity. }
  rewrite G, app_nil_r. apply rev_involutive.
Qed.

Lemma dot_app_eq u v : forall a b, length u = length a -> dot (u ++ v) (a ++ b) = dot u a + dot v b.
Proof. induction u as [|x u IH]; intros [|y a] b H; simpl in *; try discriminate; [lra|]. rewrite IH by lia. lra. Qed.

Lemma dot_minus g : forall a b, length a = length b -> dot g (zip Rminus a b) = dot g a - dot g b.
Proof. induction g as [|x g IH]; intros [|y a] [|z b] H; simpl in *; try discriminate; try lra. rewrite IH by lia. lra. Qed.

Lemma fold_qadd l : forall a, Q2R (fold qadd a l) = Q2R a + sum l Q2R.
Proof. induction l as [|b l IH]; intros a; simpl; [lra|]. rewrite IH, qadd_R. lra. Qed.

(* ---- Sides ---- *)
Definition on_side (s : option B.requirement) (u : R) : Prop :=
  match s with Some B.AtLeast => 0 <= u | Some B.AtMost => u <= 0 | Some B.OnWall => u = 0 | None => True end.
Definition obeys : B.sides -> list R -> Prop := Forall2 on_side.

Lemma with_side_spec n s ss ss' us : B.with_side n s ss = Some ss' -> obeys ss us ->
  exists u, D.pick n us = Some u /\ (on_side (Some (B.side_of s)) u -> obeys ss' us).
Proof.
  unfold B.with_side. assert (G : forall ss n passed ss' us, B.side_from n s ss passed = Some ss' -> obeys ss us ->
    exists u, D.pick n us = Some u /\ exists new, ss' = rev passed ++ new /\ (on_side (Some (B.side_of s)) u -> obeys new us)).
  { clear. induction ss as [|o ss IH]; intros n passed ss' us H HO; cbn [B.side_from] in H; [discriminate|]. inversion HO as [|? u ? us' O1 O2]; subst. simpl.
    destruct (n =? 0)%Z.
    - destruct o; [discriminate|]. inversion H; subst. exists u. split; auto. exists (Some (B.side_of s) :: ss). split; [apply rev_onto_spec|]. intros. constructor; [assumption|exact O2].
    - destruct (IH _ _ _ _ H O2) as [v [P1 [new [P2 P3]]]]. exists v. split; auto. exists (o :: new). split; [rewrite P2; simpl; now rewrite <- app_assoc|].
      intros. constructor; [exact O1|now apply P3]. }
  intros H HO. destruct (G _ _ _ _ _ H HO) as [u [P1 [new [P2 P3]]]]. exists u. split; auto. simpl in P2. now subst.
Qed.

Lemma same_side_spec a b : B.same_side a b = true -> a = b.
Proof. destruct a as [[]|], b as [[]|]; simpl; try discriminate; auto. Qed.
Lemma same_sides_spec u : forall v, B.same_sides u v = true -> u = v.
Proof. induction u as [|a u IH]; intros [|b v] H; simpl in H; try discriminate; auto. apply both in H as [H1 H2]. f_equal; auto using same_side_spec. Qed.
Lemma within_spec u : forall v us, B.within u v = true -> obeys v us -> obeys u us.
Proof.
  induction u as [|a u IH]; intros [|b v] us H HO; simpl in H; try discriminate; [exact HO|]. apply both in H as [H1 H2]. inversion HO; subst.
  constructor; [|eapply IH; eauto]. destruct a as [[]|], b as [[]|]; simpl in *; try discriminate; auto; lra.
Qed.

(* ---- Lines ---- *)
Definition positive_parts (us : list R) : list R := map positive_part us.

Lemma is_line_sound c s g u : B.is_line c s g = true -> on_side s u -> Q2R g * u <= Q2R c * positive_part u.
Proof.
  unfold B.is_line, positive_part. intros H HO.
  assert (P : 0 <= u -> Q2R g <= Q2R c -> Q2R g * u <= Q2R c * Rmax 0 u) by (intros; rewrite Rmax_right by lra; nra).
  assert (M : u <= 0 -> 0 <= Q2R g -> Q2R g * u <= Q2R c * Rmax 0 u) by (intros; rewrite Rmax_left by lra; nra).
  destruct s as [[]|]; simpl in HO.
  - apply qleb_R in H. auto.
  - apply qleb_R in H. rewrite Q2R_0 in H. auto.
  - subst u. rewrite Rmax_left by lra. lra.
  - apply both in H as [H1 H2]. apply qleb_R in H1, H2. rewrite Q2R_0 in H1. destruct (Rle_or_lt 0 u); auto. apply M; lra.
Qed.

Fixpoint below (cs : list Q) (ss : B.sides) (gs : list Q) : Prop :=
  match cs, ss, gs with
  | [], [], [] => True
  | c :: cs', s :: ss', g :: gs' => B.is_line c s g = true /\ below cs' ss' gs'
  | _, _, _ => False
  end.

Lemma lines_spec cs ss given g : B.lines cs ss given = Some g -> below cs ss g.
Proof.
  unfold B.lines. assert (G : forall cs ss i given acc g, B.lines_onto i cs ss given acc = Some g -> exists new, g = rev acc ++ new /\ below cs ss new).
  { clear. induction cs as [|c cs IH]; intros [|s ss] i given acc g H; cbn [B.lines_onto] in H; try discriminate.
    - destruct (U.is_nil given); [|discriminate]. inversion H; subst. exists []. split; [apply rev_onto_spec|]. exact I.
    - destruct (match given with [] => _ | _ => _ end) as [q later]. destruct (B.is_line c s q) eqn:E; [|discriminate].
      destruct (IH _ _ _ _ _ H) as [new [P1 P2]]. exists (q :: new). split; [rewrite P1; simpl; now rewrite <- app_assoc|]. split; auto. }
  intros H. destruct (G _ _ _ _ _ _ H) as [new [P1 P2]]. simpl in P1. now subst.
Qed.

Lemma below_length cs : forall ss gs, below cs ss gs -> length gs = length cs.
Proof. induction cs; intros [|s ss] [|g gs] H; simpl in H; try tauto. destruct H. simpl. f_equal. eauto. Qed.

Lemma below_sound cs : forall ss gs us, below cs ss gs -> obeys ss us -> dot (reals gs) us <= dot (reals cs) (positive_parts us).
Proof.
  induction cs as [|c cs IH]; intros [|s ss] [|g gs] us H HO; simpl in H; try tauto. { simpl. lra. }
  destruct H as [H1 H2]. inversion HO; subst. simpl. pose proof (is_line_sound _ _ _ _ H1 H3). pose proof (IH _ _ _ H2 H5). unfold reals, positive_parts in *. lra.
Qed.

Lemma zero_dots {A} (l : list A) : forall v, dot (reals (map (fun _ => 0%Q) l)) v = 0.
Proof. induction l as [|a l IH]; intros [|x v]; simpl; auto. unfold reals in *. rewrite IH, Q2R_0. lra. Qed.
Lemma zeros_dot {A} (l : list A) v : dot (reals (B.zeros l)) v = 0.
Proof. unfold B.zeros. rewrite tmap_map. apply zero_dots. Qed.
Lemma zeros_length {A} (l : list A) : length (B.zeros l) = length l.
Proof. unfold B.zeros. rewrite tmap_map. apply map_length. Qed.

(* With c = 0 all terms are at most 0; if one is less, so is the sum. *)
Lemma below_strict {A} (cs : list A) : forall ss gs us n q u, below (map (fun _ => 0%Q) cs) ss gs -> obeys ss us -> D.pick n gs = Some q -> D.pick n us = Some u ->
  Q2R q <> 0 -> u <> 0 -> dot (reals gs) us < 0.
Proof.
  assert (T : forall s g u, B.is_line 0 s g = true -> on_side s u -> Q2R g * u <= 0).
  { intros s g u H HO. pose proof (is_line_sound _ _ _ _ H HO) as Q. rewrite Q2R_0 in Q. lra. }
  induction cs as [|c cs IH]; intros [|s ss] [|g gs] us n q u H HO P1 P2 Hq Hu; simpl in H; try tauto; try discriminate.
  destruct H as [H1 H2]. inversion HO as [|? v ? us' O1 O2]; subst. pose proof (T _ _ _ H1 O1) as T1. unfold reals. cbn [map dot]. simpl in P1, P2. destruct (n =? 0)%Z.
  - inversion P1; inversion P2; subst. assert (Q2R q * u <> 0) by (apply Rmult_integral_contrapositive_currified; auto).
    assert (dot (map Q2R gs) us' <= 0). { pose proof (below_sound _ _ _ _ H2 O2) as Q. rewrite zero_dots in Q. exact Q. }
    lra.
  - pose proof (IH _ _ _ _ _ _ H2 O2 P1 P2 Hq Hu) as Q. unfold reals in Q. lra.
Qed.

(* ---- The activation ---- *)
Lemma turns_chain h : exists ks, B.turns h = ks /\ forall z, bent (Q2R (E.first_slope h)) (map pair_R (E.bends h)) z
  = sum ks (fun td => Q2R (snd td) * (positive_part (z - Q2R (fst td)) - positive_part (0 - Q2R (fst td)))).
Proof.
  eexists. split; [reflexivity|]. intros z. unfold B.turns. set (step := fun st ta => _).
  assert (G : forall bs a found, exists new, snd (fold step (a, found) bs) = rev new ++ found
     /\ bent (Q2R a) (map pair_R bs) z = sum new (fun td => Q2R (snd td) * (positive_part (z - Q2R (fst td)) - positive_part (0 - Q2R (fst td))))).
  { induction bs as [|[t b] bs IH]; intros a found. { exists []. auto. }
    cbn [fold]. unfold step at 2. cbn [fst snd]. destruct (IH b ((t, qadd b (qopp a)) :: found)) as [new [P1 P2]]. exists ((t, qadd b (qopp a)) :: new).
    split. { rewrite P1. simpl. now rewrite <- app_assoc. } simpl. rewrite P2, qadd_R, qopp_R. lra. }
  destruct (G (E.bends h) (E.first_slope h) []) as [new [P1 P2]]. rewrite P1, app_nil_r, rev_onto_spec, app_nil_r, rev_involutive. exact P2.
Qed.

Lemma act_turns h z : act (act_R h) z = Q2R (B.origin h) + Q2R (E.first_slope h) * z + sum (B.turns h) (fun td => Q2R (snd td) * positive_part (z - Q2R (fst td))).
Proof.
  unfold act. cbn [act_R value_at_0 first_slope bends]. destruct (turns_chain h) as [ks [<- P]]. rewrite P.
  assert (G : forall ks c, Q2R (fold (fun c td => if qltb (fst td) 0 then qadd c (qmul (snd td) (fst td)) else c) c ks)
    = Q2R c - sum ks (fun td => Q2R (snd td) * positive_part (0 - Q2R (fst td)))).
  { clear. induction ks as [|[t d] ks IH]; intros c; simpl; [lra|]. rewrite IH. destruct (qltb t 0) eqn:L.
    - apply qltb_R in L. rewrite Q2R_0 in L. rewrite qadd_R, qmul_R. unfold positive_part. rewrite Rmax_right by lra. lra.
    - apply qltb_false in L. rewrite Q2R_0 in L. unfold positive_part. rewrite (Rmax_left 0 (0 - Q2R t)) by lra. lra. }
  unfold B.origin. rewrite G.
  assert (S : sum (B.turns h) (fun td => Q2R (snd td) * (positive_part (z - Q2R (fst td)) - positive_part (0 - Q2R (fst td))))
    = sum (B.turns h) (fun td => Q2R (snd td) * positive_part (z - Q2R (fst td))) + -1 * sum (B.turns h) (fun td => Q2R (snd td) * positive_part (0 - Q2R (fst td)))).
  { rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros. lra. }
  rewrite S. lra.
Qed.

(* ---- Walls ---- *)
Section Walls.
Variables (h : E.activation) (rows : list (list Z)) (ds : list positive).
Hypothesis HR : forall row, In row rows -> length row = length ds.
Hypothesis HN : rows <> [].
Let ks := B.turns h.
Let k := B.walls_of h (rows, ds).
Let wall_rows := flat_map (fun row => map (fun _ => row) ks) rows.
Definition read (w : list R) (row : list Z) : R := dot (row_reals ds row) w.
Definition reading (w : list R) : list R := map (read w) rows.
Definition wall_values (w : list R) : list R := flat_map (fun row => map (fun td => read w row - Q2R (fst td)) ks) rows.

Lemma columns_sound ms all_rows w : all_rows <> [] -> (forall row, In row all_rows -> length row = length ds) -> length ms = length all_rows ->
  all (fun col => zdot 0 ms col =? 0)%Z (transpose all_rows) = true -> dot (ints ms) (map (read w) all_rows) = 0.
Proof.
  intros HA HL LM H.
  assert (E1 : dot (ints ms) (map (read w) all_rows) = sum (combine ms all_rows) (fun mr => IZR (fst mr) * dot w (row_reals ds (snd mr)))).
  { clear - LM. revert all_rows LM. induction ms as [|m ms IH]; intros [|r rs] L; simpl in *; try discriminate; auto. unfold ints in IH. rewrite IH by lia. unfold read. rewrite dot_comm. reflexivity. }
  rewrite E1. apply sum_dot. intros p. destruct (Nat.lt_ge_cases p (length ds)) as [Lp|Lp].
  - destruct (transpose_nth 0%Z (fun r => r) (length ds) all_rows HA HL) as [T1 T2]. rewrite map_id in T1, T2. specialize (T2 p Lp).
    assert (Z0 : zdot 0 ms (map (fun row => nth p row 0%Z) all_rows) = 0%Z).
    { apply Z.eqb_eq. rewrite <- T2. apply (all_In _ _ H). apply nth_In. lia. }
    apply (f_equal IZR) in Z0. rewrite zdot_R in Z0.
    transitivity (/ IZR (Zpos (nth p ds 1%positive)) * dot (map IZR ms) (map IZR (map (fun row => nth p row 0%Z) all_rows))); [|rewrite Rplus_0_l in Z0; rewrite Z0; lra].
    clear E1 Z0 T1 T2 H HA. revert all_rows HL LM. induction ms as [|m ms IH]; intros [|r rs] HL L; simpl in *; try discriminate; [lra|].
    rewrite IH by (auto; lia). cbn [fst snd].
    assert (Q : nth p (row_reals ds r) 0 = IZR (nth p r 0%Z) / IZR (Zpos (nth p ds 1%positive))).
    { specialize (HL r (or_introl eq_refl)). clear - HL Lp. unfold row_reals. revert p r HL Lp. generalize ds as es. induction es as [|d es IH]; intros p [|a r] HL Lp; simpl in *; try lia. destruct p; auto. apply IH; lia. }
    rewrite Q. unfold Rdiv. lra.
  - apply sum_0. intros [m r] Hin. apply in_combine_r in Hin. rewrite nth_overflow; [lra|]. unfold row_reals. rewrite zip_length; auto.
Qed.

Lemma wall_rows_in row : In row wall_rows -> In row rows.
Proof. unfold wall_rows. intros H. apply in_flat_map in H. destruct H as [r [H1 H2]]. apply in_map_iff in H2. destruct H2 as [? [<- _]]. exact H1. Qed.

Lemma wall_values_minus w : let ts := flat_map (fun _ : list Z => map (fun td => Q2R (fst td)) ks) rows in
  wall_values w = zip Rminus (map (read w) wall_rows) ts /\ length (map (read w) wall_rows) = length ts.
Proof.
  cbv zeta. unfold wall_values, wall_rows. generalize rows as rs. clear. induction rs as [|r rs [IH1 IH2]]; simpl; auto. rewrite map_app, map_map.
  assert (Z : forall (a : list (Q * Q)) u v, zip Rminus (map (fun _ => read w r) a ++ u) (map (fun td => Q2R (fst td)) a ++ v) = map (fun td => read w r - Q2R (fst td)) a ++ zip Rminus u v).
  { induction a; simpl; intros; auto. now rewrite IHa. }
  rewrite Z, IH1. split; auto. rewrite !app_length, !map_length in *. lia.
Qed.

Lemma constant_sound a g m w : B.constant_of k a g = Some m -> length a = length rows -> length g = length wall_rows ->
  dot (reals a) (reading w) + dot (reals g) (wall_values w) = Q2R m.
Proof.
  unfold B.constant_of. intros H LA LG. assert (EL : rev_onto (rev_onto a []) g = a ++ g) by (rewrite !rev_onto_spec, app_nil_r, rev_involutive; reflexivity).
  rewrite EL in H. clear EL. destruct (align (a ++ g)) as [ms d] eqn:EA.
  pose proof (align_R (a ++ g)) as AR. rewrite EA in AR. cbn [fst snd] in AR.
  destruct (all _ (B.columns_at k)) eqn:EC; [|discriminate]. apply (f_equal (fun o => match o with Some q => q | None => m end)) in H. cbv beta iota in H. subst m.
  unfold k, B.walls_of in EC |- *. fold ks in EC |- *. destruct (align (tmap fst ks)) as [ts du] eqn:ET. cbn [B.columns_at B.heights B.height_unit fst snd] in EC |- *.
  pose proof (align_R (tmap fst ks)) as TR. rewrite ET in TR. cbn [fst snd] in TR. rewrite tmap_map in TR.
  rewrite !rev_onto_spec, !app_nil_r, ?rev_involutive in EC. rewrite !rev_onto_spec, ?app_nil_r, ?rev_involutive. rewrite !tflat_spec, !tmap_map in *. 
  assert (EW : flat_map (fun row : list Z => tmap (fun _ : Q * Q => row) ks) rows = wall_rows).
  { unfold wall_rows. apply flat_map_ext. intros. apply tmap_map. }
  rewrite EW in EC.
  assert (LM : length ms = length (rows ++ wall_rows)). { apply (f_equal (@length R)) in AR. unfold reals in AR. rewrite !map_length, app_length in AR. rewrite app_length. lia. }
  assert (S1 : dot (ints ms) (map (read w) (rows ++ wall_rows)) = 0).
  { apply columns_sound; auto. - intros F. apply app_eq_nil in F. tauto. - intros row Hr. apply in_app_iff in Hr. destruct Hr; auto using wall_rows_in. }
  assert (SC : forall v, dot (reals (a ++ g)) v = / IZR (Zpos d) * dot (ints ms) v).
  { intros v. rewrite <- AR, <- dot_scal. f_equal. unfold ints. rewrite map_map. apply map_ext. intros. unfold real. lra. }
  assert (S2 : dot (reals a) (reading w) + dot (reals g) (map (read w) wall_rows) = 0).
  { rewrite <- dot_app_eq by (unfold reals, reading; rewrite !map_length; auto). unfold reals, reading. rewrite <- !map_app. fold (reals (a ++ g)). rewrite SC, S1. lra. }
  destruct (wall_values_minus w) as [V1 V2]. rewrite V1, dot_minus by exact V2. set (tsr := flat_map (fun _ : list Z => map (fun td => Q2R (fst td)) ks) rows) in *.
  assert (S3 : dot (reals g) tsr = / IZR (Zpos d) * / IZR (Zpos du) * IZR (zdot 0 ms (map (fun _ : list Z => 0%Z) rows ++ flat_map (fun _ : list Z => ts) rows))).
  { rewrite zdot_R, Rplus_0_l, Rmult_assoc. fold (ints ms). rewrite (Rmult_comm (/ IZR (Zpos du))), <- Rmult_assoc, <- SC.
    assert (EI : map IZR (map (fun _ : list Z => 0%Z) rows ++ flat_map (fun _ : list Z => ts) rows) = map (fun _ => 0) rows ++ map (Rmult (IZR (Zpos du))) tsr).
    { rewrite map_app, map_map. f_equal. unfold tsr. clear - TR. induction rows as [|r rs IH]; simpl; auto. rewrite !map_app, IH. f_equal. 
      transitivity (map (Rmult (IZR (Zpos du))) (reals (map fst ks))); [rewrite <- TR|unfold reals; now rewrite !map_map].
      rewrite map_map. apply map_ext. intros. unfold real. field. auto. }
    rewrite EI. unfold reals. rewrite map_app, dot_app_eq by (rewrite !map_length; auto).
    assert (Z0 : forall (u : list R), dot u (map (fun _ : list Z => 0) rows) = 0). { clear. intros u. revert u. induction rows as [|r rs IH]; intros [|x u]; simpl; auto. rewrite IH. lra. }
    rewrite Z0, (dot_comm _ (map (Rmult _) tsr)), dot_scal, dot_comm. field. auto. }
  rewrite S3, Q2R_make. unfold real. rewrite Pos2Z.inj_mul, mult_IZR, opp_IZR. unfold Rdiv. rewrite Rinv_mult. 
  unfold Rminus. rewrite <- Rplus_assoc, S2. ring.
Qed.

(* ---- The form ---- *)
Definition form_value (q : list R) (w : list R) : R := dot q (map (act (act_R h)) (reading w)).

Lemma linear_sound q w : length q = length rows -> let f := B.linear_of h k q in
  form_value (reals q) w = Q2R (B.level f) + dot (reals (B.slopes_of f)) (reading w) + dot (reals (B.curvatures f)) (positive_parts (wall_values w))
  /\ length (B.slopes_of f) = length rows /\ length (B.curvatures f) = length wall_rows.
Proof.
  intros L f. unfold f, B.linear_of. cbn [B.level B.slopes_of B.curvatures]. 
  assert (EK : B.turns_at k = ks) by (unfold k, B.walls_of; fold ks; destruct (align _); reflexivity). rewrite EK, tflat_spec, tmap_map, qmul_R, fold_qadd, Q2R_0, Rplus_0_l.
  unfold form_value, reading, wall_values, wall_rows, positive_parts. revert L. generalize rows as rs. clear. induction q as [|a q IH]; intros [|r rs] L; simpl in *; try discriminate; [split; [unfold reals; simpl; lra|auto]|].
  destruct (IH rs ltac:(lia)) as [P1 [P2 P3]]. unfold reals in *. rewrite !map_app, dot_app_eq by (rewrite !map_length, tmap_map, map_length; auto).
  rewrite P1, act_turns, qmul_R. fold ks. rewrite tmap_map, !map_map.
  assert (S : dot (map (fun x => Q2R (qmul a (snd x))) ks) (map (fun x => positive_part (read w r - Q2R (fst x))) ks) = Q2R a * sum ks (fun td => Q2R (snd td) * positive_part (read w r - Q2R (fst td)))).
  { rewrite dot_map, <- sum_scal. apply sum_ext. intros. rewrite qmul_R. lra. }
  rewrite S. rewrite !app_length, P3, !map_length. split; [lra|]. split; auto.
Qed.

(* ---- Steps ---- *)
Lemma constant_at_sound a c ss given g m w : B.constant_at k a c ss given = Some (g, m) -> length a = length rows -> length c = length wall_rows ->
  below c ss g /\ dot (reals a) (reading w) + dot (reals g) (wall_values w) = Q2R m.
Proof.
  unfold B.constant_at. intros H LA LC. destruct (B.lines c ss given) as [g'|] eqn:EL; [|discriminate]. destruct (B.constant_of k a g') as [m'|] eqn:EC; [|discriminate].
  inversion H; subst. apply lines_spec in EL. split; auto. apply constant_sound; auto. rewrite (below_length _ _ _ EL). exact LC.
Qed.

Definition linear_value (f : B.linear) (w : list R) : R :=
  Q2R (B.level f) + dot (reals (B.slopes_of f)) (reading w) + dot (reals (B.curvatures f)) (positive_parts (wall_values w)).

Theorem linear_steps_sound f ss nodes : length (B.slopes_of f) = length rows -> length (B.curvatures f) = length wall_rows ->
  B.visit (B.take_step k f) 0 [(0%Z, ss)] nodes = true -> forall w, obeys ss (wall_values w) -> 0 <= linear_value f w.
Proof.
  intros L1 L2 H w. refine (visit_sound _ (fun ss => obeys ss (wall_values w) -> 0 <= linear_value f w) _ nodes 0%Z _ H 0%Z ss (or_introl eq_refl)).
  clear H ss nodes. intros ss nd cs H HC HO. 
  assert (Zero : forall given g m ss', B.constant_at k (B.zeros (B.slopes_of f)) (B.zeros (B.curvatures f)) ss' given = Some (g, m) ->
    below (map (fun _ => 0%Q) (B.curvatures f)) ss' g /\ dot (reals g) (wall_values w) = Q2R m).
  { intros given g m ss' HZ. destruct (constant_at_sound _ _ _ _ _ _ w HZ) as [Q1 Q2]; [rewrite zeros_length; auto..|].
    rewrite zeros_dot in Q2. unfold B.zeros in Q1. rewrite tmap_map in Q1. split; auto. lra. }
  destruct nd as [n p m|n given next|given|given]; cbn [B.take_step] in H.
  - destruct (B.with_side n true ss) as [a|] eqn:E1; [|discriminate]. destruct (B.with_side n false ss) as [b|] eqn:E2; [|discriminate]. inversion H; subst. clear H.
    destruct (with_side_spec _ _ _ _ _ E1 HO) as [u [P1 O1]]. destruct (with_side_spec _ _ _ _ _ E2 HO) as [u' [P2 O2]]. rewrite P1 in P2. inversion P2; subst u'.
    destruct (Rle_or_lt 0 u). { apply (HC p a); simpl; auto. } apply (HC m b); simpl; auto. apply O2. simpl. lra.
  - set (s := match U.find n given with Some q0 => qltb 0 q0 | None => true end) in *.
    destruct (B.with_side n s ss) as [a|] eqn:E1; [|discriminate]. destruct (B.with_side n (negb s) ss) as [b|] eqn:E2; [|discriminate].
    destruct (B.constant_at _ _ _ b given) as [[g c]|] eqn:EC; [|discriminate]. match type of H with (if ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end.
    apply both in EB as [E3 E4]. inversion H; subst. clear H. destruct (D.pick n g) as [q0|] eqn:EP; [|discriminate].
    destruct (with_side_spec _ _ _ _ _ E1 HO) as [u [P1 O1]]. destruct (with_side_spec _ _ _ _ _ E2 HO) as [u' [P2 O2]]. rewrite P1 in P2. inversion P2; subst u'.
    apply (HC next a); [now left|]. destruct (Zero _ _ _ _ EC) as [Z1 Z2]. apply qleb_R in E3. rewrite Q2R_0 in E3.
    assert (NQ : Q2R q0 <> 0). { intros F. destruct (qeqb q0 0) eqn:EQ; [discriminate|]. assert (qeqb q0 0 = true) by (apply qeqb_R; rewrite Q2R_0; exact F). congruence. }
    apply O1. destruct s; simpl in *.
    + destruct (Rle_or_lt 0 u) as [|Lu]; auto. exfalso. pose proof (below_strict _ _ _ _ _ _ _ Z1 (O2 ltac:(lra)) EP P1 NQ ltac:(lra)). lra.
    + destruct (Rle_or_lt u 0) as [|Lu]; auto. exfalso. pose proof (below_strict _ _ _ _ _ _ _ Z1 (O2 ltac:(lra)) EP P1 NQ ltac:(lra)). lra.
  - destruct (B.constant_at _ _ _ ss given) as [[g c]|] eqn:EC; [|discriminate]. destruct (qltb 0 c) eqn:E0; [|discriminate]. apply qltb_R in E0. rewrite Q2R_0 in E0.
    destruct (Zero _ _ _ _ EC) as [Z1 Z2]. pose proof (below_sound _ _ _ _ Z1 HO) as Q. rewrite zero_dots in Q. lra.
  - destruct (B.constant_at _ _ _ ss given) as [[g c]|] eqn:EC; [|discriminate]. destruct (qleb 0 _) eqn:E0; [|discriminate]. apply qleb_R in E0. rewrite Q2R_0, qadd_R in E0.
    destruct (constant_at_sound _ _ _ _ _ _ w EC L1 L2) as [Q1 Q2]. pose proof (below_sound _ _ _ _ Q1 HO). unfold linear_value. lra.
Qed.

Theorem steps_sound q ss nodes : length q = length rows -> B.visit (B.take_step k (B.linear_of h k q)) 0 [(0%Z, ss)] nodes = true ->
  forall w, obeys ss (wall_values w) -> 0 <= form_value (reals q) w.
Proof.
  intros L H w HO. destruct (linear_sound q w L) as [EF [L1 L2]]. rewrite EF. now apply (linear_steps_sound _ ss nodes).
Qed.

Theorem check_form_sound duals f : B.check_form h k duals f = true -> (forall r, In r duals -> length r = length rows) ->
  exists r, D.pick (B.dual_of f) duals = Some r /\ forall w, obeys (B.region_of f) (wall_values w) -> 0 <= (if B.positive_sign f then 1 else -1) * form_value (reals r) w.
Proof.
  unfold B.check_form. intros H HL. destruct (D.pick (B.dual_of f) duals) as [r|] eqn:EP; [|discriminate]. exists r. split; auto. intros w HO.
  pose proof (HL _ (pick_in _ _ _ EP)) as L. destruct (B.positive_sign f).
  - rewrite Rmult_1_l. exact (steps_sound r _ _ L H w HO).
  - pose proof (steps_sound (tmap qopp r) _ _ ltac:(rewrite tmap_map, map_length; exact L) H w HO) as Q. unfold form_value in *.
    assert (E : reals (tmap qopp r) = map (Rmult (-1)) (reals r)). { rewrite tmap_map. unfold reals. rewrite !map_map. apply map_ext. intros. rewrite qopp_R. lra. }
    rewrite E, dot_scal in Q. exact Q.
Qed.
End Walls.
