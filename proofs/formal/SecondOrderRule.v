(* The rule `second order` without tangents is sound (proofs/rules/second_order.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound UnitwiseSound Forms Jets Lagrangian SecondOrderTree.
From Exactsurf Require Evaluate CheckUnitwise CheckConvex CheckDeadUnit CheckSecondOrder Indices CurveSound.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module S := CheckSecondOrder.

(* ---- The loss of a sample ---- *)
Section Sample.
Variable origin : list R.
Variable ev : (list R -> Prop) -> Prop.
Hypothesis HE : nearby origin ev.
Variables (c : S.setting) (lf : S.second_leaf) (s : S.expansion).
Notation l := (S.loss_at c).
Hypothesis HV : E.convex l = true.

Lemma gap_sound rf right f a b : close ev rf right -> close ev f a ->
  match S.jgap (E.gap_of l) right a b with
  | None => forall y, term (loss_R l) (rf y) (f y) (Q2R b) = 0
  | Some u => exists g, close ev g u /\ forall y, term (loss_R l) (rf y) (f y) (Q2R b) = ell (loss_R l) (g y)
  end.
Proof.
  intros Hr Hf. unfold S.jgap, term. cbn [gap_of loss_R]. destruct (E.gap_of l).
  - exists (fun y => f y - Q2R b). split; auto. apply (close_all origin ev HE (fun y => f y + Q2R (qopp b))); [intros; rewrite qopp_R; lra|]. apply (close_add origin ev HE); auto. apply (close_const origin ev HE).
  - exists (fun y => Q2R b * f y). split; auto. now apply (close_scale origin ev HE).
  - destruct (qeqb b 1) eqn:EB.
    + apply qeqb_R in EB. rewrite Q2R_1 in EB. rewrite EB. destruct (Req_EM_T 1 1); [auto|congruence].
    + assert (NB : Q2R b <> 1). { intros F. rewrite <- Q2R_1 in F. apply qeqb_R in F. congruence. } destruct (Req_EM_T (Q2R b) 1); [congruence|].
      exists (fun y => f y - rf y). split; auto. apply (close_all origin ev HE (fun y => f y + Q2R (-1 # 1) * rf y)). { intros. unfold Q2R. simpl. lra. }
      apply (close_add origin ev HE); auto. now apply (close_scale origin ev HE).
Qed.

Lemma right_sound y0 : forall fs rs, Forall2 (close ev) fs rs -> close ev (fun y => dot (at_all fs y) (reals y0)) (S.jright rs y0).
Proof.
  assert (G : forall fs rs, Forall2 (close ev) fs rs -> forall y0 acc g, close ev g acc ->
     close ev (fun y => g y + dot (at_all fs y) (reals y0)) (fold S.jadd acc (zip (fun a b => S.jscale b a) rs y0))).
  { clear y0. induction 1 as [|f r fs rs Hf _ IH]; intros y0 acc g Hg; simpl. { apply (close_all origin ev HE g); auto. intros; lra. }
    destruct y0 as [|b y0]; simpl. { apply (close_all origin ev HE g); auto. intros; lra. }
    apply (close_all origin ev HE (fun y => (g y + Q2R b * f y) + dot (at_all fs y) (reals y0))); [intros; unfold reals; lra|]. apply IH. apply (close_add origin ev HE); auto. now apply (close_scale origin ev HE). }
  intros fs rs H. unfold S.jright. rewrite tzip_zip. apply (close_all origin ev HE (fun y => Q2R (0#1) + dot (at_all fs y) (reals y0))); [intros; rewrite Q2R_zero; lra|]. apply G; auto. apply (close_const origin ev HE).
Qed.

Let m := qmul (S.scale_at c) (E.weight (S.sample_of s)).
Hypothesis Hm : 0 < Q2R m.

Lemma outputs_sound rf right : close ev rf right -> forall fs rs, Forall2 (close ev) fs rs -> forall ks y0 parts, 
  Forall2 (fun kab t => S.output_part c lf s right kab = Some t) (zip pair ks (zip pair rs y0)) parts -> length ks = length rs -> forall acc D0, above ev D0 acc ->
  above ev (fun y => D0 y + Q2R m * (terms (loss_R l) (rf y) (at_all fs y) (reals y0) - terms (loss_R l) (rf origin) (at_all fs origin) (reals y0))) (fold S.padd acc parts).
Proof.
  intros Hr. induction 1 as [|f r fs rs Hf _ IH]; intros ks y0 parts HP LK acc D0 H0.
  - destruct ks; [|discriminate]. inversion HP; subst. simpl. apply (above_ext origin ev HE D0); auto. intros; lra.
  - destruct ks as [|k ks]; [discriminate|]. destruct y0 as [|b y0]; simpl in HP.
    + inversion HP; subst. simpl. apply (above_ext origin ev HE D0); auto. intros; lra.
    + inversion HP as [|? t ? parts' P1 P2]; subst. cbn [fold]. pose proof (gap_sound rf right f r b Hr Hf) as GS. cbn [at_all map reals terms].
      assert (A : above ev (fun y => Q2R m * (term (loss_R l) (rf y) (f y) (Q2R b) - term (loss_R l) (rf origin) (f origin) (Q2R b))) t).
      { unfold S.output_part in P1. destruct (S.jgap (E.gap_of l) right r b) as [u|].
        - destruct GS as [g [Hg Eg]]. apply (above_ext origin ev HE (fun y => Q2R m * (ell (loss_R l) (g y) - ell (loss_R l) (g origin)))); [intros; now rewrite !Eg|].
          eapply (term_sound origin ev HE); eauto.
        - inversion P1; subst. apply (above_zero origin ev HE). apply (ev_true origin ev HE). intros y. rewrite !GS. lra. }
      specialize (IH ks y0 parts' P2 ltac:(simpl in LK; lia) (S.padd acc t) _ (above_add origin ev HE _ _ _ _ H0 A)).
      apply (above_ext origin ev HE _ _ _) with (2 := IH). intros y. fold (at_all fs y) (at_all fs origin) (reals y0). cbv beta. lra.
Qed.

Lemma predictions_sound fs rs t : Forall2 (close ev) fs rs -> S.predictions_part c lf s rs = Some t ->
  let y0 := reals (E.targets (S.sample_of s)) in above ev (fun y => Q2R m * (loss_of (loss_R l) (at_all fs y) y0 - loss_of (loss_R l) (at_all fs origin) y0)) t.
Proof.
  intros H HP y0. unfold S.predictions_part in HP. destruct (collect _ _) as [parts|] eqn:EC; [|discriminate]. inversion HP; subst t. apply collect_Forall2 in EC. rewrite !tzip_zip, Indices.indices_count in EC.
  pose proof (right_sound (E.targets (S.sample_of s)) fs rs H) as HR.
  pose proof (outputs_sound _ _ HR fs rs H _ _ parts EC (Indices.count_up_length _ _) S.no_part (fun _ => 0)) as A.
  specialize (A (above_zero origin ev HE _ (ev_true origin ev HE _ (fun y => Rle_refl 0)))). apply (above_ext origin ev HE _ _ _) with (2 := A). intros y. unfold loss_of. fold y0. cbv beta. lra.
Qed.

(* A loss at its minimum. *)
Lemma lowest_terms rf right : close ev rf right -> forall fs rs, Forall2 (close ev) fs rs -> forall y0,
  all (fun ab => match S.jgap (E.gap_of l) right (fst ab) (snd ab) with None => true | Some u => S.is_lowest l u end) (zip pair rs y0) = true ->
  forall r' f', length f' = length fs -> terms (loss_R l) (rf origin) (at_all fs origin) (reals y0) <= terms (loss_R l) r' f' (reals y0).
Proof.
  intros Hr. induction 1 as [|f r fs rs Hf _ IH]; intros y0 HA r' f' LF.
  - destruct f'; [|discriminate]. simpl. lra.
  - destruct f' as [|a' f']; [discriminate|]. destruct y0 as [|b y0]; cbn [at_all map reals terms]; [lra|]. cbn [zip all fst snd] in HA. apply both in HA as [H1 H2].
    apply Rplus_le_compat; [|apply IH; auto]. pose proof (gap_sound rf right f r b Hr Hf) as GS. unfold S.jgap, term in *. cbn [gap_of loss_R] in *.
    destruct (E.gap_of l); [| |destruct (qeqb b 1) eqn:EB].
    + destruct GS as [g [Hg Eg]]. rewrite Eg, (close_origin origin ev HE g _ Hg). now apply lowest_sound.
    + destruct GS as [g [Hg Eg]]. rewrite Eg, (close_origin origin ev HE g _ Hg). now apply lowest_sound.
    + apply qeqb_R in EB. rewrite Q2R_1 in EB. rewrite EB. destruct (Req_EM_T 1 1); [lra|congruence].
    + assert (NB : Q2R b <> 1). { intros F. rewrite <- Q2R_1 in F. apply qeqb_R in F. congruence. } destruct (Req_EM_T (Q2R b) 1); [congruence|].
      destruct GS as [g [Hg Eg]]. rewrite Eg, (close_origin origin ev HE g _ Hg). now apply lowest_sound.
Qed.
End Sample.

(* ---- The rule ---- *)
Section Rule.
Variables (p : E.problem) (n : nat) (ms : list nat) (ls : list E.layer).
Hypothesis HP : good_problem p n ms.
Hypothesis HS : shaped n ms ls.
Hypothesis HV : E.convex (E.loss_on p) = true.
Let h := E.activation_of p.
Let hR := act_R h.
Let hz := E.compile h.
Let js := S.layers_jets [1#1]%Q ls.
Let N := length (S.entries_of ls).
Let origin : list R := repeat 0 N.
Let theta (y : list R) := layers_at js y.
Let X (i : Z) : list R := match D.pick i (E.data p) with Some s => reals (E.inputs s) | None => [] end.
Let W (i : Z) (k j : nat) (y : list R) : R := nth j (pre hR (theta y) (Datatypes.S k) (X i)) 0.

Variable c : S.setting.
Hypothesis HC : S.make_setting p hz ls = Some c.

Lemma setting_spec : S.piece_lines c = hz /\ S.loss_at c = E.loss_on p /\ S.scale_at c = E.scale p /\ S.polynomial_layers c = js
  /\ Forall2 (fun a e => S.make_expansion hz js a = Some e) (zip pair (Indices.count_up 0 (E.data p)) (E.data p)) (S.expansions c)
  /\ S.all_walls c = S.named_walls (fold (fun acc e => rev_onto (S.touched e) acc) [] (S.expansions c)).
Proof.
  unfold S.make_setting in HC. destruct (collect _ _) as [es|] eqn:EC; [|discriminate]. inversion HC; subst c. cbn. apply collect_Forall2 in EC. rewrite tzip_zip, Indices.indices_count in EC. auto 10.
Qed.

Lemma HG : good_activation h. Proof. apply (good_rising _ _ _ HP). Qed.
Lemma js_biased : Forall jbiased js. Proof. apply (layers_jets_biased ms n). exact HS. Qed.

(* On the sides of the walls that the signs say. *)
Definition sides (ss : U.signs) (y : list R) : Prop :=
  forall i k j tau, (0 <= i)%Z -> In (S.boundary_name (1 + Z.of_nat k) (Z.of_nat j) i, tau) ss -> on_side tau (W i k j origin) (W i k j y).
Definition near_origin (P : list R -> Prop) (A : list R -> Prop) : Prop := exists e, 0 < e /\ forall y, length y = N -> norm y < e -> P y -> A y.

Lemma norm_origin : norm origin = 0.
Proof. unfold origin, norm. induction N; simpl; auto. rewrite Rabs_R0, IHn0. lra. Qed.
Lemma sides_origin ss : sides ss origin.
Proof. intros i k j tau _ _. unfold on_side. destruct tau; lra. Qed.
Lemma nearby_sides ss : nearby origin (near_origin (sides ss)).
Proof.
  constructor.
  - apply norm_origin.
  - intros A [e [He P]]. apply P; [apply repeat_length|rewrite norm_origin; auto|apply sides_origin].
  - intros A B [e [He P]] [e' [He' P']]. exists (Rmin e e'). split; [mins|]. intros y L Hy Hs. split; [apply P|apply P']; auto; eapply Rlt_le_trans; eauto; [apply Rmin_l|apply Rmin_r].
  - intros A B H [e [He P]]. exists e. split; auto.
  - intros e He. exists e. split; auto.
Qed.

(* The loss of a sample, and how it changes. *)
Definition change (s : E.sample) (y : list R) : R :=
  Q2R (qmul (E.scale p) (E.weight s)) * (loss_of (loss_R (E.loss_on p)) (predict hR (theta y) (reals (E.inputs s))) (reals (E.targets s))
    - loss_of (loss_R (E.loss_on p)) (predict hR (theta origin) (reals (E.inputs s))) (reals (E.targets s))).

Lemma weight_positive s : In s (E.data p) -> 0 < Q2R (qmul (E.scale p) (E.weight s)).
Proof. intros Hs. rewrite qmul_R. pose proof (good_scale _ _ _ HP) as A. apply qltb_R in A. rewrite Q2R_0 in A. apply Rmult_lt_0_compat; auto. now apply (good_rows _ _ _ HP). Qed.

Lemma expand_at ev (HE : nearby origin ev) sign i s walls outs : D.pick i (E.data p) = Some s ->
  S.expand hz sign i 1 js (S.jinputs (E.inputs s)) [] = Some (walls, outs) -> (forall w k, In w walls -> obeyed origin ev i (1 + Z.of_nat k) (W i k) w) ->
  (exists gs, (forall y, predict hR (theta y) (reals (E.inputs s)) = at_all gs y) /\ Forall2 (close ev) gs outs)
  /\ forall w, In w walls -> exists k, is_wall ev i (1 + Z.of_nat k) (W i k) w.
Proof.
  intros Hp H HO. destruct (reads_inputs origin ev HE (E.inputs s)) as [R1 R2].
  destruct (expand_sound origin ev HE h sign i HG js _ _ 1%Z [] walls outs (W i) js_biased R1 H) as [[gs [A B]] Q].
  - intros k j y. unfold W, X. rewrite Hp, R2. reflexivity. - intros w k Hw. now apply HO.
  - split. { exists gs. split; auto. intros y. rewrite <- A, R2. reflexivity. } intros w Hw. destruct (Q w Hw) as [[]|K]. exact K.
Qed.

Lemma expansion_index i s : In (i, s) (zip pair (Indices.count_up 0 (E.data p)) (E.data p)) -> D.pick i (E.data p) = Some s /\ (0 <= i)%Z /\ In s (E.data p).
Proof. intros H. apply Indices.count_up_pick in H. rewrite Z.sub_0_r in H. destruct H as [A B]. split; auto. split; [lia|]. eapply Indices.pick_in; eauto. Qed.

Lemma sample_sound ss lf i s e t walls : In (i, s) (zip pair (Indices.count_up 0 (E.data p)) (E.data p)) -> S.make_expansion hz js (i, s) = Some e ->
  S.sample_part c ss lf e = Some (t, walls) -> above (near_origin (sides ss)) (change s) t /\ forall w, In w walls -> good_wall origin (near_origin (sides ss)) w.
Proof.
  intros Hin HM H. destruct (expansion_index i s Hin) as [Hp [Hi Hs]]. pose proof (nearby_sides ss) as HE. destruct setting_spec as [C1 [C2 [C3 [C4 _]]]].
  unfold S.make_expansion in HM. cbn [fst snd] in HM. destruct (S.expand hz _ i 1 js _ []) as [[ws0 f0]|] eqn:E0; [|discriminate]. inversion HM; subst e. clear HM.
  unfold S.sample_part in H. destruct (S.on_pieces c ss _) as [[ws f]|] eqn:EO.
  - destruct (S.predictions_part c lf _ f) as [t'|] eqn:EP; [|discriminate]. inversion H; subst t' ws. clear H.
    assert (EX : exists sign, S.expand hz sign i 1 js (S.jinputs (E.inputs s)) [] = Some (walls, f) /\ forall w, In w walls -> In (S.wall_name w, S.wall_sign w) ss).
    { unfold S.on_pieces in EO. cbn [S.touched S.outputs S.number_of S.sample_of] in EO. rewrite C1, C4 in EO. destruct ws0 as [|w0 ws0].
      - inversion EO; subst. exists (fun _ => Some true). split; auto. intros ? [].
      - exists (fun m => U.find m ss). split; auto. intros w Hw. destruct (expand_walls _ _ _ _ _ _ _ _ _ EO w Hw) as [[]|[A _]]. now apply find_In. }
    destruct EX as [sign [EX HI]]. destruct (expand_at _ HE sign i s walls f Hp EX) as [[gs [A B]] Q].
    { intros w k Hw j EN. exists 1. split; [lra|]. intros y _ _ Hy. apply Hy; auto. rewrite <- EN. auto. }
    split.
    + assert (HV2 : E.convex (S.loss_at c) = true) by (rewrite C2; exact HV).
      pose proof (predictions_sound origin _ HE c lf (S.Expansion i s ws0 f0) HV2) as PS. cbn [S.sample_of] in PS. rewrite C3 in PS. specialize (PS (weight_positive s Hs) gs f t B EP). cbv zeta in PS. rewrite C2 in PS.
      apply (above_ext origin _ HE _ _ _) with (2 := PS). intros y. unfold change. now rewrite !A.
    + intros w Hw. destruct (Q w Hw) as [k [j [_ [EN CW]]]]. exists (W i k j). split; auto. exists 1. split; [lra|]. intros y _ _ Hy. apply Hy; auto. rewrite <- EN. auto.
  - destruct (S.is_lowest_at c _) eqn:EL; [|discriminate]. inversion H; subst. clear H. split; [|intros ? []].
    pose proof (nearby_point origin norm_origin) as H0. destruct (expand_at _ H0 _ i s ws0 f0 Hp E0) as [[gs [A B]] _].
    { intros w k _ j _. unfold on_side. destruct (S.wall_sign w); lra. }
    apply (above_zero origin _ HE). apply (ev_true origin _ HE). intros y. unfold change. rewrite !A. apply Rmult_le_pos; [apply Rlt_le, weight_positive; auto|].
    unfold S.is_lowest_at in EL. cbn [S.outputs S.sample_of] in EL. rewrite tzip_zip in EL.
    assert (HV2 : E.convex (S.loss_at c) = true) by (rewrite C2; exact HV).
    pose proof (right_sound origin _ H0 (E.targets s) gs f0 B) as HR. pose proof (lowest_terms origin _ H0 c HV2 _ _ HR gs f0 B (E.targets s) EL) as LT. rewrite C2 in LT.
    specialize (LT (dot (at_all gs y) (reals (E.targets s))) (at_all gs y)). specialize (LT (map_length _ _)). unfold loss_of. lra.
Qed.

Lemma samples_sound ss lf : forall L es found, Forall2 (fun a e => S.make_expansion hz js a = Some e) L es -> Forall2 (fun e tw => S.sample_part c ss lf e = Some tw) es found ->
  (forall a, In a L -> In a (zip pair (Indices.count_up 0 (E.data p)) (E.data p))) -> forall D0 t0, above (near_origin (sides ss)) D0 t0 ->
  above (near_origin (sides ss)) (fun y => D0 y + sum L (fun a => change (snd a) y)) (fold S.padd t0 (map fst found))
  /\ forall tw w, In tw found -> In w (snd tw) -> good_wall origin (near_origin (sides ss)) w.
Proof.
  pose proof (nearby_sides ss) as HE. induction L as [|[i s] L IH]; intros es found H1 H2 HI D0 t0 H0; inversion H1 as [|? e ? es' A1 A2]; subst; inversion H2 as [|? [t ws] ? fd B1 B2]; subst.
  - split; [|intros ? ? []]. simpl. apply (above_ext origin _ HE D0); auto. intros; lra.
  - destruct (sample_sound ss lf i s e t ws (HI _ (or_introl eq_refl)) A1 B1) as [P Q]. destruct (IH es' fd A2 B2 (fun a Ha => HI a (or_intror Ha)) _ _ (above_add origin _ HE _ _ _ _ H0 P)) as [P2 Q2]. split.
    + cbn [map fold fst]. apply (above_ext origin _ HE _ _ _) with (2 := P2). intros y. cbn [sum snd]. lra.
    + intros tw w [<-|Ht] Hw; [now apply Q|eauto].
Qed.

Lemma parts_sound ss parts : (forall t, In t parts -> above (near_origin (sides ss)) (fun _ => 0) t) -> forall D0 t0, above (near_origin (sides ss)) D0 t0 -> above (near_origin (sides ss)) D0 (fold S.padd t0 parts).
Proof.
  pose proof (nearby_sides ss) as HE. induction parts as [|t parts IH]; intros HT D0 t0 H0; simpl; auto. apply IH; [intros; apply HT; simpl; auto|].
  apply (above_ext origin _ HE (fun y => D0 y + 0)); [intros; lra|]. apply (above_add origin _ HE); auto. apply HT. simpl. auto.
Qed.

Lemma risk_change y : sum (E.data p) (fun s => change s y) = risk (problem_R p) (theta y) - risk (problem_R p) (theta origin).
Proof.
  rewrite !risk_sum. unfold change, Rminus. rewrite <- (Rmult_1_l (Q2R (E.scale p) * sum (E.data p) (fun s => Q2R (E.weight s) * loss_of _ (predict (act_R (E.activation_of p)) (theta origin) _) _))), Ropp_mult_distr_l.
  rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros s _. rewrite qmul_R. fold h hR. lra.
Qed.

Lemma in_fold_rev {A B} (f : A -> list B) (l : list A) : forall acc b, In b (fold (fun acc a => rev_onto (f a) acc) acc l) <-> In b acc \/ exists a, In a l /\ In b (f a).
Proof.
  induction l as [|a l IH]; intros acc b; simpl; [split; [auto|intros [H|[? [[] _]]]; auto]|]. rewrite IH, rev_onto_spec, in_app_iff, <- in_rev. split.
  - intros [[H|H]|[a' [H1 H2]]]; eauto. - intros [H|[a' [[->|H1] H2]]]; eauto.
Qed.

Theorem leaf_is_minimal ss lf : S.second_order_holds c (S.entries_of ls) ss lf = true ->
  near_origin (sides ss) (fun y => risk (problem_R p) (theta origin) <= risk (problem_R p) (theta y)).
Proof.
  intros H. pose proof (nearby_sides ss) as HE. unfold S.second_order_holds, S.first_order in H. destruct (S.leaf_part c ss lf) as [t|] eqn:EL; [|discriminate].
  match type of H with (match (if ?b then _ else _) with _ => _ end) = _ => destruct b eqn:EB; [|discriminate] end. split_and EB. rename H into POS.
  unfold S.leaf_part in EL. destruct (collect (S.sample_part c ss lf) _) as [found|] eqn:EC; [|discriminate]. apply collect_Forall2 in EC. destruct setting_spec as [C1 [C2 [C3 [C4 [C5 _]]]]].
  set (walls := fold _ [] found) in *. destruct (collect (S.lambda_part _) _) as [la|] eqn:E1; [|discriminate]. destruct (collect (S.nu_part _) _) as [nu|] eqn:E2; [|discriminate]. inversion EL; subst t. clear EL.
  apply collect_Forall2 in E1, E2. rewrite tmap_map in *.
  destruct (samples_sound ss lf _ _ found C5 EC (fun a Ha => Ha) (fun _ => 0) S.no_part (above_zero origin _ HE _ (ev_true origin _ HE _ (fun _ => Rle_refl 0)))) as [A GW].
  assert (HW : forall w, In w walls -> good_wall origin (near_origin (sides ss)) w). { intros w Hw. apply (in_fold_rev snd) in Hw. destruct Hw as [[]|[tw [T1 T2]]]. eauto. }
  apply (parts_sound ss la) in A. 2:{ intros t Ht. clear - E1 Ht HW HE. induction E1 as [|nl q l1 l2 P _ IH]; [destruct Ht|]. destruct Ht as [->|Ht]; auto. eapply (lambda_sound origin _ HE); eauto. }
  apply (parts_sound ss nu) in A. 2:{ intros t Ht. clear - E2 Ht HW HE. induction E2 as [|nl q l1 l2 P _ IH]; [destruct Ht|]. destruct Ht as [->|Ht]; auto. eapply (nu_sound origin _ HE); eauto. }
  set (t := fold S.padd _ nu) in *. destruct (positive_on _ _ _ POS) as [k [rho [Hk [Hr PO]]]]. destruct (A rho Hr) as [K [HK Q]].
  assert (H0 : 0 < k / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  assert (SD : forall y, 0 + sum (zip pair (Indices.count_up 0 (E.data p)) (E.data p)) (fun a => change (snd a) y) = risk (problem_R p) (theta y) - risk (problem_R p) (theta origin)).
  { intros y. rewrite <- risk_change, Rplus_0_l. assert (ZP : forall (d : list E.sample) i, sum (zip pair (Indices.count_up i d) d) (fun a => change (snd a) y) = sum d (fun s => change s y)).
    { clear. induction d as [|s d IH]; intros i; simpl; auto. now rewrite IH. } apply ZP. }
  destruct Q as [e [He Q]]. exists (Rmin e (k / (K + 1))). split; [mins|]. intros y LY NY SY.
  specialize (Q y LY (Rlt_le_trans _ _ _ NY (Rmin_l _ _)) SY). specialize (PO y LY). rewrite SD in Q. rewrite (lin_vzero _ EB) in Q. unfold order in Q. pose proof (norm_pos y) as N0.
  assert (N1 : norm y < k / (K + 1)) by (eapply Rlt_le_trans; [exact NY|apply Rmin_r]). set (q := norm y) in *.
  assert (KQ : K * q <= k). { assert ((K + 1) * q < (K + 1) * (k / (K + 1))) by (apply Rmult_lt_compat_l; lra). replace ((K + 1) * (k / (K + 1))) with k in H by (field; lra). lra. }
  assert (K * q * (q * q) <= k * (q * q)) by (apply Rmult_le_compat_r; auto; nra). lra.
Qed.

(* ---- Splits and empty cones ---- *)
Lemma all_walls_spec name w : U.find name (S.all_walls c) = Some w -> exists i (k j : nat), (0 <= i)%Z /\ S.wall_layer w = (1 + Z.of_nat k)%Z /\ name = S.boundary_name (1 + Z.of_nat k) (Z.of_nat j) i
  /\ (k = 0%nat -> forall y, jet_at (S.wall_jet w) y = W i 0 j y).
Proof.
  intros H. destruct setting_spec as [C1 [C2 [C3 [C4 [C5 C6]]]]]. rewrite C6 in H. apply named_walls_find in H. destruct H as [H <-]. apply (in_fold_rev S.touched) in H. destruct H as [[]|[e [He Hw]]].
  assert (exists a, In a (zip pair (Indices.count_up 0 (E.data p)) (E.data p)) /\ S.make_expansion hz js a = Some e) as [[i s] [Ha HM]].
  { clear - C5 He. revert C5. generalize (zip pair (Indices.count_up 0 (E.data p)) (E.data p)). intros L C5. induction C5 as [|a v l1 l2 H1 _ IH]; [destruct He|]. destruct He as [->|He]; [exists a; simpl; auto|]. destruct (IH He) as [b [? ?]]. exists b. simpl; auto. }
  destruct (expansion_index i s Ha) as [Hp [Hi Hs]]. unfold S.make_expansion in HM. cbn [fst snd] in HM. destruct (S.expand hz _ i 1 js _ []) as [[ws0 f0]|] eqn:E0; [|discriminate]. inversion HM; subst e. clear HM. cbn [S.touched] in Hw.
  pose proof (nearby_point origin norm_origin) as H0. destruct (expand_at _ H0 _ i s ws0 f0 Hp E0) as [_ Q].
  { intros v k _ j _. unfold on_side. destruct (S.wall_sign v); lra. }
  destruct (Q w Hw) as [k [j [LW [NW _]]]]. destruct (expand_walls _ _ _ _ _ _ _ _ _ E0 w Hw) as [[]|[_ [B|[B [lay [rest [j' [EJ [PJ NJ]]]]]]]]].
  - exists i, k, j. repeat split; auto. intros ->. lia.
  - exists i, 0%nat, j'. repeat split; auto. intros _ y. unfold W, theta, X. rewrite Hp, EJ. cbn [layers_at map pre]. rewrite <- exact_affine by (pose proof js_biased as JB; rewrite EJ in JB; now inversion JB).
    clear - PJ. revert PJ. generalize (S.jaffine lay (S.jinputs (E.inputs s))) as zs. revert j'. intros j zs. generalize (S.wall_jet w). intros J. revert j. induction zs as [|z zs IH]; intros j PJ; cbn [D.pick] in PJ; [discriminate|].
    destruct (Z.eqb_spec (Z.of_nat j) 0) as [E|NE].
    + inversion PJ; subst. destruct j; [reflexivity|lia].
    + destruct j as [|j]; [lia|]. cbn [map nth]. apply IH. now replace (Z.of_nat j) with (Z.of_nat (Datatypes.S j) - 1)%Z by lia.
Qed.

Definition usable (w : S.wall) : bool := (S.wall_layer w =? 1)%Z &&& negb (S.vzero (S.linear (S.wall_jet w))) &&& (count (S.linear (S.wall_jet w)) <=? count (S.entries_of ls))%Z.
Definition padded (u : list Q) : list R := reals u ++ repeat 0 (N - length u).
Definition hyperplanes : list (list R) := map (fun nw => padded (S.linear (S.wall_jet (snd nw)))) (filter (fun nw => usable (snd nw)) (S.all_walls c)).

Lemma dot_padded u y : dot (padded u) y = lin u y.
Proof.
  unfold padded, lin. generalize (N - length u)%nat as k. intros k. revert y. induction u as [|a u IH]; intros [|x y]; cbn [reals map app dot]; auto.
  - destruct (repeat 0 k); reflexivity.
  - generalize (x :: y) as z. clear. induction k as [|k IH]; intros [|x z]; cbn [repeat dot]; auto. rewrite IH. lra.
  - f_equal. apply IH.
Qed.
Lemma hyperplanes_good u : In u hyperplanes -> length u = N /\ ~ Forall (fun x => x = 0) u.
Proof.
  intros H. apply in_map_iff in H. destruct H as [[nm w] [<- H]]. apply filter_In in H. destruct H as [_ H]. unfold usable in H. cbn [snd] in *. split_and H. rename H0 into HL. apply Z.leb_le in HL. rewrite !count_length in HL.
  set (v := S.linear (S.wall_jet w)) in *. split.
  - unfold padded, reals. rewrite app_length, map_length, repeat_length. unfold N. lia.
  - intros F. apply negb_true_iff in H1. enough (S.vzero v = true) by congruence. unfold padded in F. apply Forall_app in F. destruct F as [F _]. clear - F. unfold S.vzero. induction v as [|a v IH]; auto.
    cbn [reals map] in F. inversion F as [|? ? F1 F2]; subst. cbn [all]. destruct (Z.eqb_spec (Qnum a) 0) as [_|NE]; [now apply IH|]. exfalso. now apply (Qnum_not_0 a).
Qed.

Definition obeys (y e : list R) (ss : U.signs) : Prop := sides ss y /\
  forall name tau w, In (name, tau) ss -> U.find name (S.all_walls c) = Some w -> S.wall_layer w = 1%Z -> if tau : bool then 0 < lin (S.linear (S.wall_jet w)) e else lin (S.linear (S.wall_jet w)) e < 0.
(* For all y near 0 and all directions e beside them. *)
Definition near_beside (A : list R -> list R -> Prop) : Prop :=
  exists d, 0 < d /\ forall y e, length y = N -> norm y < d -> (forall u, In u hyperplanes -> Cones.beside y e u) -> A y e.

Lemma boundary_split name ss : S.is_boundary_pair c (S.entries_of ls) name = true -> near_beside (fun y e => obeys y e ss -> obeys y e ((name, true) :: ss) \/ obeys y e ((name, false) :: ss)).
Proof.
  intros H. exists 1. split; [lra|]. intros y e Ly _ HB [O1 O2]. unfold S.is_boundary_pair in H. destruct (U.find name (S.all_walls c)) as [w|] eqn:EF; [|discriminate].
  destruct (all_walls_spec name w EF) as [i [k [j [Hi [LW [EN HJ]]]]]].
  assert (UN : forall i' k' j' tau, (0 <= i')%Z -> S.boundary_name (1 + Z.of_nat k') (Z.of_nat j') i' = name -> on_side tau (W i k j origin) (W i k j y) -> on_side tau (W i' k' j' origin) (W i' k' j' y)).
  { intros i' k' j' tau Hi' E' O. rewrite EN in E'. apply boundary_name_eq in E'; try lia. destruct E' as [E1 [E2 E3]]. assert (k' = k) by lia. assert (j' = j) by lia. subst. exact O. }
  destruct (Z.eqb_spec (S.wall_layer w) 1) as [L1|L1].
  - assert (K0 : k = 0%nat) by lia. subst k. specialize (HJ eq_refl). split_and H. destruct (S.square (S.wall_jet w)) as [|? ?] eqn:SQ; [|discriminate].
    assert (US : In (padded (S.linear (S.wall_jet w))) hyperplanes).
    { unfold hyperplanes. apply in_map_iff. exists (name, w). split; auto. apply filter_In. split; [now apply find_In|]. cbn [snd]. unfold usable. rewrite L1. simpl. now rewrite H, H1. }
    specialize (HB _ US). unfold Cones.beside in HB. rewrite !dot_padded in HB. destruct HB as [B1 [B2 B3]]. set (u := S.linear (S.wall_jet w)) in *.
    assert (DW : W i 0 j y - W i 0 j origin = lin u y). { rewrite <- !HJ. unfold origin. rewrite jet_origin. unfold jet_at. rewrite SQ, quad_nil. fold u. lra. }
    destruct (Rtotal_order (lin u e) 0) as [P|[P|P]]; [right|tauto|left]; (split; [intros i' k' j' tau Hi' [E|Hin]; [|now apply O1]|intros nm tau v [E|Hin] Ev Lv; [|eapply O2; eauto]]); inversion E; subst.
    + apply UN; auto. unfold on_side. specialize (B3 P). lra.
    + rewrite EF in Ev. inversion Ev; subst. exact P.
    + apply UN; auto. unfold on_side. specialize (B2 ltac:(lra)). lra.
    + rewrite EF in Ev. inversion Ev; subst. exact (Rgt_lt _ _ P).
  - destruct (Rle_or_lt (W i k j origin) (W i k j y)) as [P|P]; [left|right]; (split; [intros i' k' j' tau Hi' [E|Hin]; [|now apply O1]|intros nm tau v [E|Hin] Ev Lv; [|eapply O2; eauto]]); inversion E; subst;
      try (apply UN; auto; unfold on_side; lra); rewrite EF in Ev; inversion Ev; subst; tauto.
Qed.

Lemma no_direction ss la : S.has_no_direction c ss la = true -> forall y e, obeys y e ss -> False.
Proof.
  intros H y e [_ O]. unfold S.has_no_direction in H. apply both in H as [H H3]. apply both in H as [_ H2]. destruct (collect _ la) as [vs|] eqn:EC; [|discriminate]. apply collect_Forall2 in EC.
  pose proof (lin_vzero _ H3 e) as Z0. rewrite lin_fold, lin_nil, Rplus_0_l in Z0.
  assert (T : forall nl v, In nl la -> S.empty_term c ss nl = Some v -> 0 <= lin v e /\ (qltb 0 (snd nl) = true -> 0 < lin v e)).
  { intros nl v _ Hv. unfold S.empty_term in Hv. destruct (U.find (fst nl) (S.all_walls c)) as [w|] eqn:EF; [|discriminate]. destruct (U.find (fst nl) ss) as [tau|] eqn:ES; [|discriminate].
    match type of Hv with (if ?b then _ else _) = _ => destruct b eqn:B; [|discriminate] end. inversion Hv; subst v. apply both in B as [B1 B2]. apply Z.eqb_eq in B1. apply qleb_R in B2. rewrite Q2R_0 in B2.
    specialize (O _ _ _ (find_In _ _ _ ES) EF B1). rewrite lin_vscale, signed_by_R. set (x := lin _ e) in *. split.
    - destruct tau; [apply Rmult_le_pos; lra|]. replace (-1 * Q2R (snd nl) * x) with (Q2R (snd nl) * - x) by lra. apply Rmult_le_pos; lra.
    - intros Q. apply qltb_R in Q. rewrite Q2R_0 in Q. destruct tau; [apply Rmult_lt_0_compat; lra|]. replace (-1 * Q2R (snd nl) * x) with (Q2R (snd nl) * - x) by lra. apply Rmult_lt_0_compat; lra. }
  apply some_In in H2. destruct H2 as [nl [Hin Hl]].
  assert (0 < sum vs (fun v => lin v e)); [|lra]. clear - EC T Hin Hl. revert T Hin.
  assert (P : forall l1 l2, Forall2 (fun a b => S.empty_term c ss a = Some b) l1 l2 -> (forall nl v, In nl l1 -> S.empty_term c ss nl = Some v -> 0 <= lin v e /\ (qltb 0 (snd nl) = true -> 0 < lin v e)) -> 0 <= sum l2 (fun v => lin v e)).
  { induction 1 as [|a b l1 l2 E1 _ IH]; intros T; simpl; [lra|]. destruct (T a b (or_introl eq_refl) E1) as [T1 _]. specialize (IH (fun x v Hx => T x v (or_intror Hx))). lra. }
  induction EC as [|a b l1 l2 E1 EC IH]; intros T Hin; [destruct Hin|]. cbn [sum]. destruct (T a b (or_introl eq_refl) E1) as [T1 T2]. pose proof (P l1 l2 EC (fun x v Hx => T x v (or_intror Hx))) as P0. destruct Hin as [->|Hin].
  - specialize (T2 Hl). lra. - specialize (IH (fun x v Hx => T x v (or_intror Hx)) Hin). lra.
Qed.

Theorem tree_near nodes : U.walk (S.is_boundary_pair c (S.entries_of ls)) (S.second_order_holds c (S.entries_of ls)) (S.has_no_direction c) 0 [(0%Z, [])] nodes = true ->
  local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros H. assert (A : near_beside (fun y e => (exists k ss, In (k, ss) [(0%Z, @nil (Z * bool))] /\ obeys y e ss) -> risk (problem_R p) (theta origin) <= risk (problem_R p) (theta y))).
  { apply (walk_near near_beside) with (is_plane := S.is_boundary_pair c (S.entries_of ls)) (leaf := S.second_order_holds c (S.entries_of ls)) (empty := S.has_no_direction c) (nodes := nodes) (i := 0%Z)
      (obeys := obeys) (Goal := fun y (_ : list R) => risk (problem_R p) (theta origin) <= risk (problem_R p) (theta y)); auto.
    - intros P Q [d [Hd A]] [d' [Hd' A']]. exists (Rmin d d'). split; [mins|]. intros y e L Ny B. split; [apply A|apply A']; auto; eapply Rlt_le_trans; eauto; [apply Rmin_l|apply Rmin_r].
    - intros P Q HPQ [d [Hd A]]. exists d. split; auto.
    - exists 1. split; [lra|auto].
    - intros ss lf HL. destruct (leaf_is_minimal ss lf HL) as [d [Hd A]]. exists d. split; auto. intros y e L Ny _ [O _]. now apply A.
    - intros ss la HL. exists 1. split; [lra|]. intros y e _ _ _ O. exfalso. eapply no_direction; eauto.
    - intros name ss Hn. now apply boundary_split. }
  destruct A as [d [Hd A]]. set (e := d / (INR N + 1)). pose proof (pos_INR N) as PN. assert (He : 0 < e) by (apply Rdiv_lt_0_compat; lra). exists e. split; auto. intros ls' Hn.
  destruct (layers_jets_cover e ls ls' Hn) as [y [Ly [Sy Py]]]. specialize (Py 0%nat [] [] eq_refl). cbn [app] in Py. rewrite app_nil_r in Py. change (unit_form 0) with [1#1]%Q in Py. fold js in Py. change (layers_at js y) with (theta y) in Py.
  rewrite <- entries_length in Ly. fold N in Ly.
  assert (ET : theta origin = parameters_R ls) by (unfold theta, js, origin; apply layers_jets_origin). rewrite <- ET, <- Py.
  destruct (Cones.generic_beside N hyperplanes y hyperplanes_good Ly) as [g [_ Bg]]. apply (A y g); auto.
  - eapply Rle_lt_trans; [apply (norm_small e); auto|]. rewrite Ly. unfold e. apply (Rlt_le_trans _ ((INR N + 1) * (d / (INR N + 1)))); [apply Rmult_lt_compat_r; [apply Rdiv_lt_0_compat; lra|lra]|right; field; lra].
  - exists 0%Z, []. split; [now left|]. split; [intros ? ? ? ? _ []|intros ? ? ? []].
Qed.
End Rule.

Theorem check_second_order_sound p n ms ls nodes : good_problem p n ms -> shaped n ms ls -> E.convex (E.loss_on p) = true ->
  S.check_second_order p (E.compile (E.activation_of p)) ls nodes = S.Positive -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HP HS HV H. unfold S.check_second_order in H. destruct (S.make_setting p _ ls) as [c|] eqn:EM; [|discriminate]. destruct (U.walk _ _ _ _ _ nodes) eqn:EW.
  - eapply tree_near; eauto. - destruct (U.walk _ (S.first_order_holds c) _ _ _ nodes); discriminate.
Qed.
