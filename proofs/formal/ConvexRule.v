(* The rule `convex cells` is sound (proofs/rules/convex_cells.md). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound PointSound UnitwiseSound UnitForm UnitwiseRule ReaderSound Indices ConvexCells.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckConvex Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module X := CheckConvex.

(* ---- One neighbourhood for all units ---- *)
Lemma units_rows_near h ds (HG : good_activation h) rows ws : exists e, 0 < e /\ forall w w', In w ws -> near_list e (reals w) w' -> forall row, In row rows ->
  act (act_R h) (dot w' (xr ds row)) = act (act_R h) (dot (reals w) (xr ds row)) + gain h (place_at h ds w row) (dot (xr ds row) (axpy (-1) (reals w) w')).
Proof.
  induction ws as [|w ws [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? ? []. }
  destruct (rows_near h ds HG w rows) as [e2 [H2 P2]]. exists (Rmin e1 e2). split; [mins|]. intros w0 w' [<-|Hw] Hn.
  - apply P2. exact (near_list_mono _ _ _ _ (Rmin_r _ _) Hn). - apply P1; auto. exact (near_list_mono _ _ _ _ (Rmin_l _ _) Hn).
Qed.

Lemma weights_apart vs : exists e, 0 < e /\ forall v, In v vs -> Q2R v <> 0 -> e <= Rabs (Q2R v).
Proof.
  induction vs as [|v vs [e [He P]]]. { exists 1. split; [lra|]. intros ? []. }
  destruct (Req_dec (Q2R v) 0) as [E|N].
  - exists e. split; auto. intros w [<-|Hw]; [tauto|auto].
  - exists (Rmin e (Rabs (Q2R v))). split; [mins; now apply Rabs_pos_lt|]. intros w [<-|Hw] Nw; [apply Rmin_r|]. eapply Rle_trans; [apply Rmin_l|auto].
Qed.

Lemma moved_nth dir weight_of e : forall ws vs ws' vs' j, length ws = length vs -> Forall2 (fun w w' => near_list e (reals w) w') ws ws' -> near_list e (reals vs) vs' ->
  (forall v, In v vs -> Q2R v <> 0 -> e <= Rabs (Q2R v)) ->
  (forall i, (i < length ws)%nat -> dir (j + Z.of_nat i)%Z = nth i (zip (fun w w' => axpy (-1) (reals w) w') ws ws') []) ->
  (forall i, weight_of (j + Z.of_nat i)%Z = nth i vs' 0) -> moved dir weight_of j ws vs ws' vs'.
Proof.
  induction ws as [|w ws IH]; intros [|v vs] ws' vs' j L HW HV HE HD HO; try discriminate.
  - inversion HW; subst. inversion HV; subst. exact I.
  - inversion HW as [|? w' ? ws1 W1 W2]; subst. inversion HV as [|? v' ? vs1 V1 V2]; subst. cbn [moved].
    split. { specialize (HD 0%nat ltac:(simpl; lia)). rewrite Z.add_0_r in HD. exact HD. }
    split. { specialize (HO 0%nat). rewrite Z.add_0_r in HO. exact HO. }
    split. { intros N. eapply Rlt_le_trans; [exact V1|]. apply HE; simpl; auto. }
    apply IH; auto. { intros; apply HE; simpl; auto. }
    + intros i Hi. replace (j + 1 + Z.of_nat i)%Z with (j + Z.of_nat (S i))%Z by lia. rewrite HD by (simpl; lia). reflexivity.
    + intros i. replace (j + 1 + Z.of_nat i)%Z with (j + Z.of_nat (S i))%Z by lia. rewrite HO. reflexivity.
Qed.

Lemma directions_beside n us : (forall u, In u us -> length u = n /\ ~ Forall (fun x => x = 0) u) -> forall ds, Forall (fun d => length d = n) ds ->
  exists es, forall i, (i < length ds)%nat -> forall u, In u us -> beside (nth i ds []) (nth i es []) u.
Proof.
  intros HU. induction 1 as [|d ds Hd _ [es IH]]. { exists []. intros i Hi. simpl in Hi. lia. }
  destruct (generic_beside n us d HU Hd) as [e [_ He]]. exists (e :: es). intros [|i] Hi u Hu; simpl; auto. apply IH; auto. simpl in Hi. lia.
Qed.

(* ---- Near its weights, the sum of a unit keeps its sign, for the subgradients of all leaves ---- *)
Lemma phi_close {A} (T : list A) h row rz ds factor w eta : 0 < eta -> exists e, 0 < e /\ forall w', near_list e (reals w) w' ->
  Rabs (phi T h row rz ds factor w' - phi T h row rz ds factor (reals w)) < eta.
Proof.
  destruct (act_lipschitz (act_R h)) as [K [HK LK]]. unfold phi. revert eta. induction T as [|s T IH]; intros eta He.
  - exists 1. split; [lra|]. intros. simpl. rewrite Rminus_0_r, Rabs_R0. exact He.
  - destruct (IH (eta / 2) ltac:(lra)) as [e1 [H1 P1]]. set (q := rr rz factor s) in *.
    set (M := Rabs q * K + 1). assert (HM : 0 < M) by (unfold M; pose proof (Rabs_pos q); nra).
    assert (H0 : 0 < eta / 2 / M) by (apply Rdiv_lt_0_compat; lra).
    destruct (dot_near (reals w) (xt row ds s) _ H0) as [e2 [H2 P2]]. exists (Rmin e1 e2). split; [mins|]. intros w' Hn.
    specialize (P1 w' (near_list_mono _ _ _ _ (Rmin_l _ _) Hn)). specialize (P2 w' (xt row ds s) (near_list_mono _ _ _ _ (Rmin_r _ _) Hn) (near_list_refl _ _ H2)).
    cbn [sum]. fold q. set (a := act (act_R h) (dot w' (xt row ds s))). set (b := act (act_R h) (dot (reals w) (xt row ds s))).
    assert (Q : Rabs (q * (a - b)) < eta / 2).
    { rewrite Rabs_mult. pose proof (LK (dot (reals w) (xt row ds s)) (dot w' (xt row ds s))) as L. fold a b in L.
      set (g := Rabs (dot w' (xt row ds s) - dot (reals w) (xt row ds s))) in *. pose proof (Rabs_pos q) as Nq. assert (Ng : 0 <= g) by apply Rabs_pos.
      assert (S1 : Rabs q * Rabs (a - b) <= Rabs q * (K * g)) by (apply Rmult_le_compat_l; auto).
      assert (S2 : M * g < M * (eta / 2 / M)) by (apply Rmult_lt_compat_l; auto).
      assert (S3 : M * (eta / 2 / M) = eta / 2) by (field; lra). unfold M in S2 at 1. lra. }
    match goal with |- Rabs (q * a + ?u - (q * b + ?v)) < _ => replace (q * a + u - (q * b + v)) with (q * (a - b) + (u - v)) by lra end.
    eapply Rle_lt_trans; [apply Rabs_triang|]. lra.
Qed.

Definition keeps_sign {A} (T : list A) h row rz ds factor (e : R) (w : list Q) : Prop := forall w', near_list e (reals w) w' ->
  (0 < phi T h row rz ds factor (reals w) -> 0 <= phi T h row rz ds factor w') /\ (phi T h row rz ds factor (reals w) < 0 -> phi T h row rz ds factor w' <= 0).

Lemma signs_near {A} (T : list A) h row rz ds factor ws : exists e, 0 < e /\ forall w, In w ws -> keeps_sign T h row rz ds factor e w.
Proof.
  induction ws as [|w ws [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? []. }
  set (a := phi T h row rz ds factor (reals w)).
  assert (exists e, 0 < e /\ keeps_sign T h row rz ds factor e w) as [e2 [H2 P2]].
  { destruct (Req_dec a 0) as [E|N].
    - exists 1. split; [lra|]. intros w' _. fold a. split; intros; lra.
    - destruct (phi_close T h row rz ds factor w (Rabs a) (Rabs_pos_lt _ N)) as [e [He P]]. exists e. split; auto. intros w' Hn. specialize (P w' Hn). fold a in P |- *.
      split; intros S; [rewrite (Rabs_right a) in P by lra|rewrite (Rabs_left a) in P by lra]; apply Rabs_def2 in P; lra. }
  exists (Rmin e1 e2). split; [mins|]. intros w0 [<-|Hw] w' Hn.
  - apply P2. exact (near_list_mono _ _ _ _ (Rmin_r _ _) Hn). - apply P1; auto. exact (near_list_mono _ _ _ _ (Rmin_l _ _) Hn).
Qed.

Lemma leaves_near p t data h row ds ws (nodes : list (U.node X.leaf)) : exists e, 0 < e /\ forall lf, In (U.Multipliers lf) nodes -> forall r, X.leaf_subgradient p t lf = Some r ->
  forall P : list (sample * list Z), map fst P = data -> map snd P = E.r_rows r ->
  forall w, In w ws -> keeps_sign P h (fun s => row (fst s)) (fun s => U.first_of (snd s)) ds (E.r_factor r) e w.
Proof.
  induction nodes as [|nd nodes [e1 [H1 P1]]]. { exists 1. split; [lra|]. intros ? []. }
  assert (exists e, 0 < e /\ forall lf, nd = U.Multipliers lf -> forall r, X.leaf_subgradient p t lf = Some r ->
    forall P : list (sample * list Z), map fst P = data -> map snd P = E.r_rows r ->
    forall w, In w ws -> keeps_sign P h (fun s => row (fst s)) (fun s => U.first_of (snd s)) ds (E.r_factor r) e w) as [e2 [H2 P2]].
  { destruct nd as [c0 q0 m0|lf|la]; try (exists 1; split; [lra|discriminate]).
    destruct (X.leaf_subgradient p t lf) as [r|] eqn:ER.
    - destruct (signs_near (combine data (E.r_rows r)) h (fun s => row (fst s)) (fun s => U.first_of (snd s)) ds (E.r_factor r) ws) as [e [He P]].
      exists e. split; auto. intros lf' El r' Er P0 D1 D2. inversion El; subst lf'. rewrite ER in Er. inversion Er; subst r'.
      assert (EP : P0 = combine data (E.r_rows r)). { rewrite <- D1, <- D2. clear. induction P0 as [|[a b] P0 IH]; simpl; congruence. }
      rewrite EP. exact P.
    - exists 1. split; [lra|]. intros lf' El r' Er. inversion El; subst lf'. congruence. }
  exists (Rmin e1 e2). split; [mins|]. intros lf [->|Hin] r Er P D1 D2 w Hw w' Hn.
  - apply (P2 lf eq_refl r Er P D1 D2 w Hw). exact (near_list_mono _ _ _ _ (Rmin_r _ _) Hn).
  - apply (P1 lf Hin r Er P D1 D2 w Hw). exact (near_list_mono _ _ _ _ (Rmin_l _ _) Hn).
Qed.

Theorem check_convex_cells_sound p n ms ls nodes : let h := E.compile (E.activation_of p) in
  let x := table_of (map E.inputs (E.data p)) in let y := table_of (map E.targets (E.data p)) in
  good_problem p n ms -> shaped n ms ls -> E.convex (E.loss_on p) = true ->
  X.check_convex_cells p h ls x (Check.fit_for p h x y ls) nodes = true -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros h x y HP HS HV H. destruct (input_rows p n ms HP) as [X0 [X1 [X2 X3]]]. fold x in X1, X2, X3.
  unfold X.check_convex_cells in H. destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate. destruct (E.weights l2) as [|v [|? ?]] eqn:EW; try discriminate.
  destruct ms as [|m [|m2 [|? ?]]]; try (simpl in HS; tauto).
  assert (M2 : m2 = 1%nat). { simpl in HS. destruct HS as [_ [_ [_ [Q _]]]]. rewrite EW in Q. simpl in Q. auto. } subst m2.
  change (X.has_bias l1) with (match E.bias l1 with None => false | Some _ => true end) in H.
  set (b1 := match E.bias l1 with None => false | Some _ => true end) in *.
  set (row := fun s : sample => if b1 then X0 s ++ [1%Z] else X0 s).
  set (ds := if b1 then snd x ++ [1%positive] else snd x).
  assert (ET : U.extend b1 x = (map row (E.data p), ds)).
  { unfold U.extend, row, ds. destruct b1.
    - rewrite tmap_map, append_app, X1, !map_map. f_equal. apply map_ext. intros s. apply append_app.
    - rewrite (surjective_pairing x), X1. reflexivity. }
  rewrite ET in H. cbv zeta in H. cbn [fst snd] in H. rewrite !tmap_map in H. set (ws := U.extended_rows l1) in *. set (wd := fold common 1%positive ds) in H.
  set (c := X.Cells _ _ _ _ _ _) in H.
  assert (LR : forall s, In s (E.data p) -> length (row s) = length ds).
  { intros s Hs. destruct (X2 _ Hs) as [_ L]. unfold row, ds. destruct b1; rewrite ?app_length; cbn [length]; lia. }
  assert (LW : forall w, In w ws -> length w = length ds).
  { destruct HS as [S1 [S2 [S3 _]]]. rewrite Forall_forall in S2. unfold ws, U.extended_rows, ds, b1. destruct (E.bias l1) as [b|].
    - rewrite tzip_zip. intros w. revert S2. clear - X3. revert b. induction (E.weights l1) as [|w0 W IH]; intros [|c0 b] S2 Hin; simpl in Hin; try tauto. destruct Hin as [<-|Hin].
      + rewrite append_app, !app_length, X3, S2; simpl; auto. + apply (IH b); auto. intros; apply S2; simpl; auto.
    - intros w Hw. rewrite X3. auto. }
  assert (LWM : length ws = length v).
  { destruct HS as [S1 [S2 [S3 [S4 [S5 _]]]]]. rewrite EW in S5. inversion S5 as [|? ? S6 _]. rewrite S6. unfold ws, U.extended_rows.
    destruct (E.bias l1) as [b|]; [rewrite tzip_zip, zip_length; congruence|congruence]. }
  assert (HR : forall r, In r (X.inputs_at c) -> length r = length ds) by (intros r Hr; apply in_map_iff in Hr; destruct Hr as [s [<- Hs]]; auto).
  assert (HN : X.samples c = Z.of_nat (length (X.inputs_at c))) by (unfold c; cbn [X.samples X.inputs_at]; apply count_length).
  assert (HWD : forall dd, In dd ds -> (Zpos dd | Zpos wd)%Z).
  { intros dd Hd. apply (fold_takes common (fun a b => (Zpos a | Zpos b)%Z)); auto.
    - apply common_l. - intros. apply common_r. - intros. eapply Z.divide_trans; eauto. }
  assert (HNE : X.inputs_at c <> []) by (intros F; apply map_eq_nil in F; now apply (good_data _ _ _ HP)).
  destruct (units_rows_near (E.activation_of p) ds (good_rising _ _ _ HP) (map row (E.data p)) ws) as [e1 [H1 P1]].
  destruct (weights_apart v) as [e2 [H2 P2]].
  destruct (leaves_near p (Check.fit_for p h x y [l1; l2]) (E.data p) (E.activation_of p) row ds ws nodes) as [e3 [H3 P3]].
  exists (Rmin e3 (Rmin e1 e2)). split; [mins|]. intros ls' Hn. set (e := Rmin e3 (Rmin e1 e2)) in *.
  assert (E1 : e <= e1) by (unfold e; eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
  assert (E2 : e <= e2) by (unfold e; eapply Rle_trans; [apply Rmin_r|apply Rmin_r]).
  destruct (near_predictions (E.activation_of p) n m l1 l2 v HS EW e ls' Hn) as [v' [ws' [beta [A [B [Hbeta [_ PD']]]]]]].
  assert (He : 0 < e) by (unfold e; mins).
  destruct (near_predictions (E.activation_of p) n m l1 l2 v HS EW e _ (near_refl e _ He)) as [v0 [w0 [beta0 [_ [_ [Hbeta0 [Hsame PD0]]]]]]].
  destruct (Hsame eq_refl) as [-> ->]. clear Hsame.
  rewrite <- extended_rows_R in B, PD0. fold ws in B, PD0.
  assert (B2 : Forall2 (fun w w' => near_list e (reals w) w') ws ws').
  { clear - B. revert ws' B. induction ws as [|w W IH]; intros ws' B; inversion B; subst; constructor; auto. }
  set (dirs := zip (fun w w' => axpy (-1) (reals w) w') ws ws').
  assert (LD : length dirs = length ws) by (pose proof (Forall2_len _ _ _ B2) as L0; unfold dirs; rewrite zip_length by exact L0; congruence).
  assert (LDS : Forall (fun d => length d = length ds) dirs).
  { apply Forall_forall. intros d Hd. apply in_zip in Hd. destruct Hd as [w [w' [Hw [Hw' ->]]]].
    assert (Hlen : forall w', In w' ws' -> length w' = length ds).
    { clear - B2 LW. revert LW. induction B2 as [|a a' W W' N _ IH]; intros LW q []; subst. - rewrite <- (LW a) by (simpl; auto). apply near_lengths in N. unfold reals in N. rewrite map_length in N. congruence. - apply IH; auto. intros; apply LW; simpl; auto. }
    rewrite axpy_length; [now apply Hlen|]. rewrite (Hlen w' Hw'). unfold reals. rewrite map_length. symmetry. now apply LW. }
  set (us := map (xr ds) (filter (fun r => negb (is_zero r)) (X.inputs_at c))).
  destruct (directions_beside (length ds) us) with (ds := dirs) as [gens HGN]; auto.
  { intros u Hu. unfold us in Hu. apply in_map_iff in Hu. destruct Hu as [r [<- Hr]]. apply filter_In in Hr. destruct Hr as [Hr Hz]. apply negb_true_iff in Hz. split.
    - unfold xr, row_reals. rewrite zip_length; rewrite ?(HR r Hr); auto.
    - eapply not_zero_row; eauto. }
  set (dir := fun k => nth (Z.to_nat k) dirs []). set (gen := fun k => nth (Z.to_nat k) gens []). set (weight_of := fun k => nth (Z.to_nat k) v' 0).
  assert (HB : forall k u, D.pick k (X.units c) = Some u -> forall r, In r (X.inputs_at c) -> is_zero r = false -> beside (dir k) (gen k) (xr ds r)).
  { intros k u Hk r Hr Hz. apply pick_range in Hk. unfold c in Hk. cbn [X.units] in Hk. rewrite map_length in Hk. apply HGN; [lia|]. unfold us. apply in_map, filter_In. now rewrite Hz. }
  assert (MV : moved dir weight_of 0 ws v ws' v').
  { apply (moved_nth _ _ e); auto.
    - intros q Hq Nq. eapply Rle_trans; [exact E2|auto].
    - intros i _. unfold dir. rewrite Z.add_0_l, Nat2Z.id. reflexivity. - intros i. unfold weight_of. rewrite Z.add_0_l, Nat2Z.id. reflexivity. }
  refine (walk_sound_in (X.is_split c) _ (X.is_empty_cone c) (obeys c ds dir gen weight_of) (risk (problem_R p) (parameters_R [l1; l2]) <= risk (problem_R p) ls')
    (fun lf => In (U.Multipliers lf) nodes) _ _ _ nodes 0 [(0%Z, [])] (fun mu Hmu => Hmu) H _).
  - intros ss lf HLF HL HO. unfold X.check_leaf in HL.
    cbv zeta in HL. destruct (E.is_short_table _); [|discriminate]. destruct (X.leaf_subgradient p _ lf) as [r|] eqn:ER; [|discriminate]. rewrite tmap_map in HL.
    apply both in HL as [HL HUn]. apply both in HL as [Hb _]. unfold X.leaf_subgradient in ER. cbv zeta in ER.
    destruct (point_subgradient p n _ HP _ _ r HS HV ER) as [P [Q1 [Q2 [Q3 [Q4 Q5]]]]]. specialize (Q5 _ _ Hn).
    set (row' := fun s : sample * list Z => row (fst s)). set (rz := fun s : sample * list Z => U.first_of (snd s)).
    assert (ERZ : map U.first_of (E.r_rows r) = map rz P) by (rewrite <- Q2, map_map; reflexivity). rewrite ERZ in Hb, HUn.
    assert (EIN : X.inputs_at c = map row' P) by (unfold c; cbn [X.inputs_at]; rewrite <- Q1, map_map; reflexivity).
    assert (EUN : X.units c = map (X.unit_for h (map row' P, ds)) ws) by (rewrite <- EIN; reflexivity). rewrite EUN in HUn.
    assert (PDt : forall s, In s P -> In (fst s) (E.data p)) by (intros s Hs; rewrite <- Q1; now apply in_map).
    assert (HA : forall W W', Forall2 (fun w w' => near_list e (reals w) w') W W' -> (forall w, In w W -> In w ws) ->
       Forall2 (fun w w' => forall s, In s P -> act (act_R (E.activation_of p)) (dot w' (xr ds (row' s))) = act (act_R (E.activation_of p)) (dot (reals w) (xr ds (row' s)))
               + gain (E.activation_of p) (place_at (E.activation_of p) ds w (row' s)) (dot (xr ds (row' s)) (axpy (-1) (reals w) w'))) W W').
    { induction 1 as [|w w' W W' N _ IH]; intros HIN; constructor.
      - intros s Hs. apply P1; [apply HIN; simpl; auto| |unfold row'; now apply in_map, PDt]. exact (near_list_mono _ _ _ _ E1 N).
      - apply IH. intros; apply HIN; simpl; auto. }
    specialize (HA ws ws' B2 (fun w Hw => Hw)).
    assert (HK : Forall2 (fun w w' => (0 < phi P (E.activation_of p) row' rz ds (E.r_factor r) (reals w) -> 0 <= phi P (E.activation_of p) row' rz ds (E.r_factor r) w')
       /\ (phi P (E.activation_of p) row' rz ds (E.r_factor r) (reals w) < 0 -> phi P (E.activation_of p) row' rz ds (E.r_factor r) w' <= 0)) ws ws').
    { assert (HK0 : forall w, In w ws -> keeps_sign P (E.activation_of p) row' rz ds (E.r_factor r) e3 w) by (intros w Hw; exact (P3 lf HLF r ER P Q1 Q2 w Hw)).
      clear - B2 HK0. revert HK0. induction B2 as [|w w' W W' N _ IH]; intros HK0; constructor.
      - apply HK0; [simpl; auto|]. exact (near_list_mono _ _ _ _ (Rmin_l _ _) N). - apply IH. intros; apply HK0; simpl; auto. }
    destruct (units_sound (E.activation_of p) ds c (good_rising _ _ _ HP) HR HN eq_refl wd HWD eq_refl HNE dir gen weight_of P row' rz (E.r_factor r) ss lf EIN Q3 HO
               ws v ws' v' 0%Z ltac:(lia) LW HUn MV HA HK) as [Z0 Z1].
    assert (XT : forall s, In s P -> xt row' ds s = input (layer_R l1) (reals (E.inputs (fst s)))).
    { intros s Hs. destruct (X2 _ (PDt s Hs)) as [EX L].
      assert (EA : row_reals (snd x ++ [1%positive]) (X0 (fst s) ++ [1%Z]) = reals (E.inputs (fst s)) ++ [1]) by (rewrite row_reals_append by (rewrite L; exact X3); now rewrite EX).
      clearbody x. unfold xt, row', row, ds, input, b1. cbn [bias layer_R]. destruct (E.bias l1); cbn [option_map]; auto. }
    assert (SUM : forall k w1 beta1, (E.bias l2 = None -> beta1 = 0) -> (forall x0, length x0 = n -> predict (act_R (E.activation_of p)) k x0
          = [dot (fst w1) (map (act (act_R (E.activation_of p))) (map (fun w => dot w (input (layer_R l1) x0)) (snd w1))) + beta1]) ->
        sum P (fun s => dot (weighted r (snd s)) (predict (act_R (E.activation_of p)) k (reals (E.inputs (fst s))))) = vphi P (E.activation_of p) row' rz ds (E.r_factor r) (fst w1) (snd w1)).
    { intros k w1 beta1 Hbe PDk. rewrite <- vphi_sum.
      transitivity (sum P (fun s => rr rz (E.r_factor r) s * dot (fst w1) (map (act (act_R (E.activation_of p))) (map (fun w => dot w (xt row' ds s)) (snd w1)))) + beta1 * sum P (rr rz (E.r_factor r))).
      - rewrite <- sum_scal, <- sum_plus. apply sum_ext. intros s Hs. rewrite PDk, XT by (auto; unfold reals; rewrite map_length; apply (good_rows _ _ _ HP _ (PDt s Hs))).
        assert (LS : length (snd s) = 1%nat) by (destruct s as [a rw]; apply (Q4 a rw Hs)). unfold rr, rz, weighted, times. destruct (snd s) as [|k0 [|? ?]]; try discriminate. simpl. lra.
      - match goal with |- ?a + ?b = _ => enough (b = 0) as E0 by (rewrite E0; apply Rplus_0_r) end. unfold X.has_bias in Hb. destruct (E.bias l2) eqn:Eb.
        + apply Z.eqb_eq in Hb. assert (SR : sum P (rr rz (E.r_factor r)) = 0).
          { unfold rr. rewrite sum_scal. rewrite <- (sum_map P rz IZR), <- zsum_R, Hb. lra. } rewrite SR. lra.
        + rewrite Hbe by auto. lra. }
    rewrite (SUM ls' (v', ws') beta Hbeta PD'), (SUM _ (reals v, map reals ws) beta0 Hbeta0 PD0) in Q5. cbn [fst snd] in Q5. rewrite Z0 in Q5. lra.
  - intros ss la HE HO. exfalso. exact (empty_cone_sound ds c HR wd HWD eq_refl HNE dir gen weight_of ss la HE HO).
  - intros name ss HE HO. eapply (split_sound (E.activation_of p)); eauto.
  - exists 0%Z, []. split; [now left|]. intros ? ? [].
Qed.
