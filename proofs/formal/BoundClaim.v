(* What the reader has checked about a claim about all parameters, and what the checker concludes. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound ReaderSound BoundRule.
From Exactsurf Require Evaluate Json Reader CheckPaths CheckBound ReadBound Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module J := Json.
Module Rd := Reader.

(* Parameters of the same shape fit the same widths and have the same biases. *)
Lemma near_bias_length e a b : near_bias e a b -> match a, b with None, None => True | Some u, Some v => length v = length u | _, _ => False end.
Proof. destruct a, b; simpl; auto. intros H. symmetry. exact (Forall2_len _ _ _ H). Qed.

Lemma near_fits e ms : forall n ls ls', near e ls ls' -> fits n ms ls -> fits n ms ls'.
Proof.
  induction ms as [|m ms IH]; intros n [|l ls] ls' HN H; simpl in H; try tauto; inversion HN as [|? l' ? rest [W B] HN']; subst; simpl; auto.
  destruct H as [H1 [H2 [H3 H4]]]. split; [rewrite <- H1; symmetry; exact (Forall2_len _ _ _ W)|]. split; [|split; [|eapply IH; eauto]].
  - clear - W H2. induction W as [|u v us vs Q W IH]; constructor; inversion H2; subst; auto. symmetry. exact (Forall2_len _ _ _ Q).
  - apply near_bias_length in B. destruct (bias l), (bias l'); try tauto. congruence.
Qed.

Lemma near_has_biases e bs : forall ls ls', near e ls ls' -> has_biases bs ls -> has_biases bs ls'.
Proof.
  induction bs as [|b bs IH]; intros ls ls' HN H; inversion H as [|? l ? rest H1 H2]; subst; inversion HN as [|? l' ? rest' [_ B] HN']; subst; constructor.
  - apply near_bias_length in B. destruct (bias l), (bias l'); tauto. - eapply IH; eauto.
Qed.

Lemma parameters_biases ls : has_biases (map layer_bias ls) (parameters_R ls).
Proof. induction ls as [|l ls IH]; simpl; constructor; auto. unfold layer_bias. simpl. destruct (E.bias l); reflexivity. Qed.

Theorem read_bound_spec j s e : Rd.read_bound j = Some (s, e) -> let p := Rd.bound_problem s in
  good_problem p (inputs_of p) (widths_of p) /\ match Rd.minimum_stated s with None => True | Some ls => of_shape p ls end.
Proof.
  unfold Rd.read_bound. intros H. destruct (Rd.has_kind _ j).
  - destruct (J.fields _ j) as [[|f [|c [|pj [|e0 [|? ?]]]]]|]; try discriminate. destruct (Rd.string_of f); [|discriminate]. destruct (Rd.format_2 _) as [two|]; [|discriminate].
    destruct (J.fields _ c) as [[|kj [|sj [|bj [|? ?]]]]|]; try discriminate. destruct (Rd.string_of sj); [|discriminate]. destruct (Rd.string_of bj); [|discriminate]. destruct (J.number bj); [|discriminate].
    destruct (Rd.read_problem two pj) as [[p name]|] eqn:EP; [|discriminate]. destruct (same _ _); [|discriminate]. inversion H; subst. cbn [Rd.bound_problem Rd.minimum_stated].
    split; auto. eapply read_problem_spec; eauto.
  - destruct (J.fields _ j) as [[|f [|c [|pj [|tj [|e0 [|? ?]]]]]]|]; try discriminate. destruct (Rd.string_of f); [|discriminate]. destruct (Rd.format_2 _) as [two|]; [|discriminate].
    destruct (J.fields _ c) as [[|kj [|sj [|bj [|? ?]]]]|]; try discriminate. destruct (Rd.string_of sj); [|discriminate]. destruct (J.number bj); [|discriminate].
    destruct (Rd.read_problem two pj) as [[p name]|] eqn:EP; [|discriminate]. destruct (same _ _); [|discriminate].
    destruct (Rd.read_parameters p tj) as [ls|] eqn:ET; [|discriminate]. inversion H; subst. cbn [Rd.bound_problem Rd.minimum_stated].
    destruct (read_problem_spec _ _ _ _ EP) as [A B]. split; auto. eapply read_parameters_spec; eauto.
Qed.

(* What a statement about all parameters says. *)
Definition bound_holds (s : Rd.bound_statement) : Prop :=
  let p := Rd.bound_problem s in
  lower_bound (problem_R p) (inputs_of p) (widths_of p) (E.biases p) (Q2R (Rd.bound_stated s))
  /\ match Rd.minimum_stated s with
     | None => True
     | Some ls => fits (inputs_of p) (widths_of p) (parameters_R ls) /\ risk (problem_R p) (parameters_R ls) = Q2R (Rd.bound_stated s)
                  /\ global_minimum (problem_R p) (parameters_R ls)
     end.

Theorem bound_sound s e : let p := Rd.bound_problem s in good_problem p (inputs_of p) (widths_of p) ->
  match Rd.minimum_stated s with None => True | Some ls => of_shape p ls end -> Check.check_all_parameters s e = CheckPaths.Accepted -> bound_holds s.
Proof.
  intros p HP HS H. unfold Check.check_all_parameters in H. cbv zeta in H. fold p in H. destruct (ReadBound.read_bound_evidence p e) as [ev|]; [|discriminate].
  destruct (negb (CheckBound.bound_within_reach p ev)); [discriminate|]. match type of H with (if negb ?b then _ else _) = _ => destruct b eqn:EB; [|discriminate] end.
  cbn [negb] in H. apply both in EB as [HV HB].
  assert (LB : lower_bound (problem_R p) (inputs_of p) (widths_of p) (E.biases p) (Q2R (Rd.bound_stated s))).
  { eapply check_bound_sound; eauto; unfold inputs_of, widths_of; destruct (E.widths p) eqn:EW; auto; exfalso; apply (good_widths _ _ _ HP); unfold widths_of; now rewrite EW. }
  unfold bound_holds. fold p. split; auto. destruct (Rd.minimum_stated s) as [ls|]; auto.
  destruct (negb (E.within_reach p ls)); [discriminate|]. rewrite !tmap_map in H. match type of H with (if ?b then _ else _) = _ => destruct b eqn:ER; [|discriminate] end.
  unfold Check.stated_risk in ER. apply qeqb_R in ER. rewrite (point_risk p _ _ HP) in ER by apply HS.
  assert (F : fits (inputs_of p) (widths_of p) (parameters_R ls)) by apply shaped_fits, HS.
  split; auto. split; auto. intros ls' [eps HN]. rewrite ER. apply LB; [eapply near_fits; eauto|]. eapply near_has_biases; eauto. destruct HS as [_ <-]. apply parameters_biases.
Qed.
