(* The theorem: what the checker accepts holds over the real numbers. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound.
From Exactsurf Require Import PathsSound UnitwiseRule ReaderSound CurveRule VectorRule ConvexRule SecondOrderRule PathClaimSound BoundClaim BarrierClaim.
From Exactsurf Require Evaluate Json Reader CheckPaths CheckUnitwise Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module Rd := Reader.

(* What a statement says about the network and the data that it gives. *)
Definition point_holds (s : Rd.point_statement) : Prop :=
  let p := problem_R (Rd.problem_stated s) in
  let ls := parameters_R (Rd.parameters_stated s) in
  fits (inputs_of (Rd.problem_stated s)) (widths_of (Rd.problem_stated s)) ls
  /\ risk p ls = Q2R (Rd.risk_stated s)
  /\ match Rd.kind_stated s with
     | Rd.LocalMinimum => local_minimum p ls
     | Rd.SpuriousLocalMinimum => spurious_local_minimum p ls
     | Rd.NotALocalMinimum => not_a_local_minimum p ls
     end.
Definition path_holds (s : Rd.path_statement) : Prop :=
  let p := Rd.path_problem s in
  Forall (fits (inputs_of p) (widths_of p)) (map parameters_R (Rd.points_stated s))
  /\ path_below (problem_R p) (Q2R (Rd.level_stated s)) (map parameters_R (Rd.points_stated s)).
Definition barrier_holds (s : Rd.path_statement) : Prop :=
  let points := map parameters_R (Rd.points_stated s) in
  path_holds s /\ separated (problem_R (Rd.path_problem s)) (Q2R (Rd.level_stated s)) (hd [] points) (last points []).
Definition holds (s : Rd.statement) : Prop :=
  match s with Rd.AboutPoint s => point_holds s | Rd.AboutPath s => path_holds s | Rd.AboutBarrier s => barrier_holds s | Rd.AboutAll s => bound_holds s end.

Section Statement.
Variable s : Rd.point_statement.
Let p := Rd.problem_stated s.
Let ls := Rd.parameters_stated s.
Hypothesis HP : good_problem p (inputs_of p) (widths_of p).
Hypothesis HW : Forall (fun w => 1 <= w)%Z (E.widths p).
Hypothesis HS : of_shape p ls.
Hypothesis HV : E.convex (E.loss_on p) = true.
Let h := E.compile (E.activation_of p).
Let x := table_of (map E.inputs (E.data p)).
Let y := table_of (map E.targets (E.data p)).
Let t := Check.fit_for p h x y ls.

Lemma stated_risk_sound ls' r : of_shape p ls' -> Check.stated_risk p h x y ls' r = true -> risk (problem_R p) (parameters_R ls') = Q2R r.
Proof.
  intros H Hr. unfold Check.stated_risk in Hr. apply qeqb_R in Hr. rewrite <- Hr. symmetry. apply (point_risk p _ _ HP). apply H.
Qed.

Lemma lower_points_sound r j : Check.check_lower_points p h x y r j = CheckPaths.Accepted ->
  exists ls', same_shape (parameters_R ls) (parameters_R ls') /\ risk (problem_R p) (parameters_R ls') < Q2R r.
Proof.
  intros H. unfold Check.check_lower_points in H. destruct j as [| | |l| |]; try discriminate.
  destruct l as [|j l]; [discriminate|]. cbn [CheckUnitwise.is_nil Check.check_all] in H.
  destruct (Check.check_lower_point p h x y r j) eqn:HL; try discriminate. clear H. rename HL into H. unfold Check.check_lower_point in H.
  destruct (Json.fields _ j) as [[|tj [|rj [|? ?]]]|]; try discriminate. destruct (Rd.read_parameters p tj) as [ls'|] eqn:ET; [|discriminate].
  destruct (Json.number rj) as [q|]; [|discriminate]. destruct (E.within_reach p ls'); [|discriminate].
  match type of H with (if ?b then _ else _) = _ => destruct b eqn:HB; [|discriminate] end. apply both in HB as [A B].
  pose proof (read_parameters_spec _ _ _ HW ET) as SH. exists ls'. split.
  - destruct HS as [S1 S2], SH as [S3 S4]. eapply shaped_same_shape; eauto. congruence.
  - rewrite (stated_risk_sound ls' q SH A). now apply qltb_R.
Qed.

Lemma local_minimum_sound j : Check.check_local_minimum s h x t j = CheckPaths.Accepted -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros H. unfold Check.check_local_minimum in H. fold p in H. fold ls in H.
  destruct (Json.field _ j) as [[rule| | | | |]|]; try discriminate. destruct (Check.read_subgradient p j) as [given|]; [|discriminate].
  destruct (some _ _); [discriminate|]. cbv zeta in H. destruct (same rule Check.k_convex_cells).
  { destruct (Json.fields _ j) as [[|? [|nj [|? ?]]]|]; try discriminate. destruct (Json.items _ nj) as [nodes|]; [|discriminate].
    destruct (CheckConvex.check_convex_cells p h ls x t nodes) eqn:EC; [|discriminate].
    eapply check_convex_cells_sound; eauto. apply HS. }
  destruct (same rule Check.k_second_order).
  { destruct (Json.fields _ j) as [[|? [|nj [|? ?]]]|]; try discriminate. destruct (Json.items _ nj) as [nodes|]; [|discriminate]. destruct (negb _); [discriminate|].
    destruct (CheckSecondOrder.check_second_order p h ls nodes) eqn:EC; try discriminate.
    eapply check_second_order_sound; eauto. apply HS. }
  destruct (E.subgradient_of _ _ t given) as [r|] eqn:ER; [|discriminate].
  destruct (same rule _).
  - destruct (Json.has_field _ j); [discriminate|]. destruct (Json.fields _ j); [|discriminate]. eapply check_paths_sound; eauto. apply HS.
  - destruct (same rule _); [|destruct (same rule _); [|discriminate]].
    + destruct (Json.fields _ j) as [[|? [|us ?]]|]; try discriminate.
      destruct (Json.items _ us) as [units|]; [|discriminate]. destruct (CheckUnitwise.check_unitwise h ls x r units) eqn:EU; [|discriminate].
      eapply check_unitwise_sound; eauto. apply HS.
    + destruct (Json.fields _ j) as [[|? [|us ?]]|]; try discriminate.
      destruct (Json.items _ us) as [units|]; [|discriminate]. destruct (CheckVectors.check_unitwise_vectors h ls x r units) eqn:EU; [|discriminate].
      eapply check_unitwise_vectors_sound; eauto. apply HS.
Qed.

Lemma fall_sound cs order c j : Forall (of_shape p) cs -> risk (problem_R p) (parameters_R ls) = Q2R (Rd.risk_stated s) ->
  Check.check_fall s h x y cs order c j = CheckPaths.Accepted -> not_a_local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HC HR H. unfold Check.check_fall in H. fold p ls in H. destruct (Check.check_lower_point _ _ _ _ _ j); try discriminate.
  destruct (all _ cs); [|discriminate]. match type of H with (if ?b then _ else _) = _ => destruct b eqn:HB; [|discriminate] end.
  eapply check_curve_sound; eauto. apply (good_rising _ _ _ HP).
Qed.

Lemma descent_sound j : risk (problem_R p) (parameters_R ls) = Q2R (Rd.risk_stated s) ->
  Check.check_descent s h x y t j = CheckPaths.Accepted -> not_a_local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HR H. unfold Check.check_descent in H. fold p in H. destruct (Json.field _ j) as [[rule| | | | |]|]; try discriminate.
  destruct (same rule Check.k_direction); [|destruct (same rule Check.k_curve)].
  - destruct (Json.fields _ j) as [[|a0 [|dj [|cj [|lj [|? ?]]]]]|]; try discriminate. destruct (Rd.read_parameters p dj) as [d|] eqn:ED; [|discriminate].
    destruct (Json.number cj) as [c|]; [|discriminate]. apply (fall_sound [d] 1 c lj); auto. constructor; [|constructor]. eapply read_parameters_spec; eauto.
  - destruct (Json.fields _ j) as [[|a0 [|cj [|oj [|vj [|lj [|? ?]]]]]]|]; try discriminate.
    destruct (Json.items (Rd.read_parameters p) cj) as [cs|] eqn:EC; [|discriminate]. destruct (Json.index oj) as [order|]; [|discriminate]. destruct (Json.number vj) as [c|]; [|discriminate].
    match type of H with (if ?b then _ else _) = _ => destruct b; [|discriminate] end. apply (fall_sound cs order c lj); auto.
    eapply items_each; [|exact EC]. intros j0 a. now apply read_parameters_spec.
  - destruct (same rule Check.k_dead_unit); [|discriminate]. destruct (Json.fields _ j) as [[|a0 [|uj [|oj [|dj [|cj [|lj [|? ?]]]]]]]|]; try discriminate.
    destruct (Json.index uj) as [unit|]; [|discriminate]. destruct (Json.index oj) as [output|]; [|discriminate]. destruct (Json.items _ dj) as [delta|]; [|discriminate].
    destruct (Json.number cj) as [c|]; [|discriminate]. destruct (E.subgradient_of _ _ t None) as [r|]; [|discriminate]. destruct (negb _); [discriminate|].
    destruct (Check.check_lower_point _ _ _ _ _ lj); try discriminate. match type of H with (if ?b then _ else _) = _ => destruct b eqn:HB; [|discriminate] end.
    eapply check_dead_unit_sound; eauto. apply (good_rising _ _ _ HP).
Qed.

Lemma evidence_sound e : risk (problem_R p) (parameters_R ls) = Q2R (Rd.risk_stated s) ->
  Check.check_evidence s h x y t e = CheckPaths.Accepted -> point_holds s.
Proof.
  intros HR H. unfold point_holds. fold p ls. split; [apply shaped_fits, HS|]. split; auto. unfold Check.check_evidence in H. fold p in H.
  destruct (Rd.kind_stated s).
  - destruct (Json.fields _ e) as [[|m [|? ?]]|]; try discriminate. eapply local_minimum_sound; eauto.
  - destruct (Json.fields _ e) as [[|m [|l [|? ?]]]|]; try discriminate.
    destruct (Check.check_lower_points _ _ _ _ _ l) eqn:EL; try discriminate. split; [eapply local_minimum_sound; eauto|].
    rewrite HR. destruct (lower_points_sound _ _ EL) as [ls' Q]. exists (parameters_R ls'). exact Q.
  - destruct (Json.fields _ e) as [[|d [|? ?]]|]; try discriminate. eapply descent_sound; eauto.
Qed.
End Statement.

Lemma point_sound s e : good_problem (Rd.problem_stated s) (inputs_of (Rd.problem_stated s)) (widths_of (Rd.problem_stated s)) ->
  Forall (fun w => 1 <= w)%Z (E.widths (Rd.problem_stated s)) -> of_shape (Rd.problem_stated s) (Rd.parameters_stated s) ->
  Check.check_statement s e = CheckPaths.Accepted -> point_holds s.
Proof.
  intros HP HW HS H. unfold Check.check_statement in H. cbv zeta in H. rewrite !tmap_map in H. destruct (negb _); [discriminate|].
  match type of H with (if ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end. apply both in EB as [HV HR].
  eapply evidence_sound; eauto. apply (stated_risk_sound s HP _ _ HS). exact HR.
Qed.

Lemma path_sound s : good_problem (Rd.path_problem s) (inputs_of (Rd.path_problem s)) (widths_of (Rd.path_problem s)) ->
  Forall (of_shape (Rd.path_problem s)) (Rd.points_stated s) -> Check.check_path s = CheckPaths.Accepted -> path_holds s.
Proof.
  intros HP HS H. unfold path_holds. split.
  { apply Forall_forall. intros ls Hl. apply in_map_iff in Hl. destruct Hl as [q [<- Hq]]. rewrite Forall_forall in HS. apply shaped_fits, HS, Hq. }
  unfold Check.check_path in H. cbv zeta in H. rewrite !tmap_map in H. destruct (negb _); [discriminate|]. destruct (Rd.points_stated s) as [|ls rest]; [discriminate|].
  match type of H with (if ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end. apply both in EB as [EB H4]. apply both in EB as [EB H3]. apply both in EB as [_ HV].
  inversion HS as [|? ? HS1 HS2]; subst. apply (steps_sound _ HP HV); auto. apply Forall_forall. intros q Hq. apply all_In with (a := q) in H3; auto.
  unfold Check.at_most in H3. apply qleb_R in H3. rewrite (point_risk _ _ _ HP) in H3; auto. rewrite Forall_forall in HS. now apply HS.
Qed.

Lemma barrier_sound s e : good_problem (Rd.path_problem s) (inputs_of (Rd.path_problem s)) (widths_of (Rd.path_problem s)) ->
  Forall (of_shape (Rd.path_problem s)) (Rd.points_stated s) -> Check.check_barrier s e = CheckPaths.Accepted -> barrier_holds s.
Proof.
  intros HP HS H. unfold Check.check_barrier in H. cbv zeta in H. destruct (Check.check_path s) eqn:EC; try discriminate. unfold barrier_holds. cbv zeta. split; [now apply path_sound|].
  destruct (ReadBarrier.read_barrier_evidence _ e) as [ev|]; [|discriminate]. destruct (Rd.points_stated s) as [|ls rest] eqn:EP; [discriminate|].
  destruct (negb _); [discriminate|]. match type of H with (if ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end. apply both in EB as [_ EB].
  unfold Check.check_path in EC. cbv zeta in EC. rewrite EP in EC. destruct (negb _); [discriminate|]. match type of EC with (if ?b then _ else _) = _ => destruct b eqn:E1; [|discriminate] end.
  apply both in E1 as [E1 _]. apply both in E1 as [E1 _]. apply both in E1 as [E1 HV].
  set (p := Rd.path_problem s) in *. unfold CheckPathClaim.one_hidden_layer in E1. unfold inputs_of, widths_of in HP.
  assert (SH : forall ls, of_shape p ls -> shaped (inputs_of p) (widths_of p) ls /\ map layer_bias ls = E.biases p) by (intros q Hq; exact Hq).
  unfold inputs_of, widths_of in SH. destruct (E.widths p) as [|n0 [|m [|one [|? ?]]]]; try discriminate. apply both in E1 as [E1 _]. apply Z.eqb_eq in E1. subst one.
  cbn [map] in HP, SH. change (Z.to_nat 1) with 1%nat in HP, SH.
  assert (HL : of_shape p (CheckBarrier.last_point ls rest)).
  { clear - HS. revert ls HS. induction rest as [|ls' rest IH]; intros ls HS; inversion HS; subst; simpl; auto. }
  assert (LP : last (map parameters_R (ls :: rest)) [] = parameters_R (CheckBarrier.last_point ls rest)).
  { clear. revert ls. induction rest as [|ls' rest IH]; intros ls; [reflexivity|]. cbn [CheckBarrier.last_point]. rewrite <- IH. reflexivity. }
  rewrite LP. cbn [map hd]. inversion HS as [|? ? HS1 _]; subst. destruct (E.biases p) as [|b1 [|b2 [|? ?]]] eqn:EBi; try (unfold CheckBarrier.check_separation in EB; rewrite EBi in EB; discriminate).
  apply (separation_sound p (Z.to_nat n0) (Z.to_nat m) b1 b2 HP HV EBi _ _ _ ev); auto; unfold fitting; rewrite EBi; auto.
Qed.

Theorem accepted_certificates_hold : forall j, Check.check j = CheckPaths.Accepted -> exists s, Rd.statement_of j = Some s /\ holds s.
Proof.
  intros j H. unfold Check.check in H. unfold Rd.statement_of. destruct (Check.is_beyond j); [discriminate|]. destruct (Rd.has_kind Rd.k_path j).
  - destruct (Rd.read_path false j) as [[s e]|] eqn:ER; [|discriminate]. exists (Rd.AboutPath s). split; auto.
    destruct (read_path_spec _ _ _ _ ER) as [HP HS]. now apply path_sound.
  - destruct (Rd.has_kind Rd.k_barrier j).
    { destruct (Rd.read_path true j) as [[s e]|] eqn:ER; [|discriminate]. exists (Rd.AboutBarrier s). split; auto.
      destruct (read_path_spec _ _ _ _ ER) as [HP HS]. eapply barrier_sound; eauto. }
    destruct (Rd.is_about_all j).
    + destruct (Rd.read_bound j) as [[s e]|] eqn:ER; [|discriminate]. exists (Rd.AboutAll s). split; auto.
      destruct (read_bound_spec _ _ _ ER) as [HP HS]. eapply bound_sound; eauto.
    + destruct (Rd.read_point j) as [[s e]|] eqn:ER; [|discriminate]. exists (Rd.AboutPoint s). split; auto.
      destruct (read_point_spec _ _ _ ER) as [HP [HW HS]]. eapply point_sound; eauto.
Qed.
