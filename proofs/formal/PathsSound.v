(* The checker of the rule `paths` is sound. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Numbers NumbersSound ForwardSound RiskSound PointSound Paths.
From Exactsurf Require Evaluate CheckPaths Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckPaths.

Section Vectors.
Context {A : Type} (S : list A).

(* Over the samples, v is 0 or a multiple of one of the integer vectors. *)
Definition represented (V : list (list Z)) (v : A -> R) : Prop :=
  (forall s, In s S -> v s = 0) \/ exists w c, In w V /\ map v S = map (fun n => c * IZR n) w.

Lemma add_vector_in V v : (forall n, In n v -> n = 0%Z) \/ In v (C.add_vector V v).
Proof.
  unfold C.add_vector. destruct (is_zero v) eqn:E; [left; now apply is_zero_spec|]. right.
  destruct (some (same v) V) eqn:F; [|now left]. apply some_In in F. destruct F as [w [Hw Hs]]. apply same_spec in Hs. now subst.
Qed.

Lemma add_vector_keeps V v w : In w V -> In w (C.add_vector V v).
Proof. intros H. unfold C.add_vector. destruct (is_zero v); auto. destruct (some (same v) V); auto. now right. Qed.

Lemma fold_keeps {B} (f : list (list Z) -> B -> list (list Z)) l w : (forall V b, In w V -> In w (f V b)) -> forall V, In w V -> In w (fold f V l).
Proof. intros H. induction l; simpl; auto. Qed.

Lemma distinct_in V v : In v V -> (forall n, In n v -> n = 0%Z) \/ In v (C.distinct V).
Proof.
  unfold C.distinct. generalize (@nil (list Z)) as acc. induction V as [|u V IH]; intros acc []; simpl.
  - subst. destruct (add_vector_in acc v) as [Z|Z]; [now left|]. right. apply fold_keeps; auto. intros. now apply add_vector_keeps.
  - now apply IH.
Qed.

Lemma products_in sl V s v : In s sl -> In v V -> (forall n, In n (tzip Z.mul s v) -> n = 0%Z) \/ In (tzip Z.mul s v) (C.products sl V).
Proof.
  intros Hs Hv. unfold C.products. generalize (@nil (list Z)) as acc.
  assert (K : forall s0 V0 w acc, In w acc -> In w (fold (fun found v => C.add_vector found (tzip Z.mul s0 v)) acc V0)).
  { intros. apply fold_keeps; auto. intros. now apply add_vector_keeps. }
  induction sl as [|s0 sl IH]; intros acc; [destruct Hs|]. simpl. destruct Hs as [<-|Hs]; [|now apply IH].
  assert (G : forall V acc, In v V -> (forall n, In n (tzip Z.mul s0 v) -> n = 0%Z) \/ In (tzip Z.mul s0 v) (fold (fun found v => C.add_vector found (tzip Z.mul s0 v)) acc V)).
  { clear - K. induction V as [|u V IHV]; intros acc []; simpl; auto. subst.
    destruct (add_vector_in acc (tzip Z.mul s0 v)) as [Z|Z]; [now left|]. right. now apply K. }
  destruct (G V acc Hv) as [Z|Z]; [now left|]. right. apply fold_keeps; auto.
Qed.

Lemma zero_vector v c w : map v S = map (fun n => c * IZR n) w -> (forall n, In n w -> n = 0%Z) -> forall s, In s S -> v s = 0.
Proof.
  intros E Z s Hs. assert (H : In (v s) (map v S)) by now apply in_map. rewrite E in H. apply in_map_iff in H. destruct H as [n [Hn Hin]]. rewrite <- Hn, (Z n Hin). lra.
Qed.

Lemma distinct_represented V v : represented V v -> represented (C.distinct V) v.
Proof.
  intros [H|[w [c [Hw E]]]]; [now left|]. destruct (distinct_in V w Hw) as [Z|Z].
  - left. eapply zero_vector; eauto. - right. exists w, c. auto.
Qed.

Lemma products_represented V sl u a : represented V u -> represented sl a -> represented (C.products sl V) (fun s => a s * u s).
Proof.
  intros [H|[w [c [Hw E]]]] G; [left; intros s Hs; rewrite H by auto; lra|].
  destruct G as [G|[b [d [Hb F]]]]; [left; intros s Hs; rewrite G by auto; lra|].
  assert (EQ : map (fun s => a s * u s) S = map (fun n => (c * d) * IZR n) (tzip Z.mul b w)).
  { rewrite tzip_zip. clear - E F. revert b w E F. induction S as [|s S' IH]; intros [|x b] [|z w] E F; simpl in *; try discriminate; auto.
    inversion E as [[E1 E2]]. inversion F as [[F1 F2]]. rewrite (IH b w E2 F2), E1, F1, mult_IZR. f_equal. lra. }
  destruct (products_in sl V b w Hb Hw) as [Z|Z].
  - left. eapply zero_vector; eauto. - right. exists (tzip Z.mul b w), (c * d). auto.
Qed.

Lemma no_mean_sound l b V (P : (A -> R) -> Prop) : (bias l <> None -> b = true) -> C.no_mean b V = true -> (forall v, P v -> represented V v) -> Paths.no_mean S l P.
Proof.
  intros Hb H G. unfold Paths.no_mean. destruct (bias l) eqn:EB; auto. rewrite Hb in H by congruence. simpl in H. intros v Hv.
  destruct (G v Hv) as [Z|[w [c [Hw E]]]]; [now apply sum_0|].
  apply all_In with (a := w) in H; auto. apply Z.eqb_eq in H.
  transitivity (sum (map v S) (fun r => r)); [now rewrite sum_map|]. rewrite E, sum_map, sum_scal, <- zsum_R, H. lra.
Qed.

Lemma orthogonal_sound V Cs v q : C.orthogonal V Cs = true -> represented V v -> represented Cs q -> sum S (fun s => v s * q s) = 0.
Proof.
  intros H [G|[w [c [Hw E]]]] K; [apply sum_0; intros s Hs; rewrite G by auto; lra|].
  destruct K as [K|[d [c' [Hd F]]]]; [apply sum_0; intros s Hs; rewrite K by auto; lra|].
  unfold C.orthogonal in H. apply all_In with (a := d) in H; auto. apply all_In with (a := w) in H; auto. apply Z.eqb_eq in H.
  rewrite <- dot_map, E, F.
  assert (Q : forall a b, dot (map (fun n => c * IZR n) a) (map (fun n => c' * IZR n) b) = c * c' * dot (map IZR a) (map IZR b)).
  { induction a; intros [|z b]; simpl; try lra. rewrite IHa. lra. }
  rewrite Q. pose proof (zdot_R w 0 d) as ZR. rewrite H in ZR. replace (dot (map IZR w) (map IZR d)) with 0 by lra. lra.
Qed.

(* Columns of integer rows. *)
Lemma column_represented (g : A -> list Z) m c j : (forall s, In s S -> length (g s) = m) ->
  represented (transpose (map g S)) (fun s => c * IZR (nth j (g s) 0%Z)).
Proof.
  intros Hm. assert (ES : S = [] \/ S <> []) by (destruct S; [now left|now right]).
  destruct ES as [ES|ES]; [left; intros s Hs; rewrite ES in Hs; destruct Hs|].
  destruct (transpose_nth 0%Z g m S) as [L N]; auto.
  destruct (Nat.lt_ge_cases j m) as [Hj|Hj].
  - right. exists (nth j (transpose (map g S)) []), c. split; [apply nth_In; lia|]. rewrite N by auto. now rewrite map_map.
  - left. intros s Hs. rewrite nth_overflow by (rewrite Hm; auto). simpl. lra.
Qed.
End Vectors.

Section Rule.
Context {A : Type} (S : list A) (h : E.activation).
Hypothesis HG : good_activation h.
Notation hR := (act_R h).
Notation hz := (E.compile h).
Notation D := (E.unit_of hz).

Definition line_R (ln : E.line) : R * R := (real D (fst ln), real D (snd ln)).

Lemma place_locally_on z d : C.bends_here (E.place_of hz z d) = false -> locally_on hR (real d z) (line_R (E.right_line (E.place_of hz z d))).
Proof.
  intros H. unfold C.bends_here in H. apply negb_false_iff, Z.eqb_eq in H.
  destruct (compile_sound h z d HG) as [[eta [He P]] V]. exists eta. split; auto. intros z' Hz.
  replace z' with (real d z + (z' - real d z)) at 1 by lra. rewrite (P _ Hz), V, H. unfold line_R. cbn [fst snd]. lra.
Qed.

Lemma place_on_line z d : act hR (real d z) = fst (line_R (E.right_line (E.place_of hz z d))) * real d z + snd (line_R (E.right_line (E.place_of hz z d))).
Proof. now destruct (compile_sound h z d HG) as [_ V]. Qed.

Lemma lines_of_R us ds x : C.lines_of hz us ds x = zip (fun z d => E.right_line (E.place_of hz z d)) (E.read_row us (fst x)) ds.
Proof.
  unfold C.lines_of, C.places_of. rewrite tmap_map, tzip_zip. generalize (E.read_row us (fst x)) as zs. intros zs. revert ds.
  induction zs as [|z zs IH]; intros [|d ds]; simpl; auto. f_equal. apply IH.
Qed.

Lemma lines_locally zs : forall ds, some C.bends_here (tzip (E.place_of hz) zs ds) = false ->
  Forall2 (fun ac z => locally_on hR z ac) (map line_R (zip (fun z d => E.right_line (E.place_of hz z d)) zs ds)) (row_reals ds zs).
Proof.
  intros ds. rewrite tzip_zip. revert ds. induction zs as [|z zs IH]; intros [|d ds] H; simpl in *; constructor.
  - apply place_locally_on. now destruct (C.bends_here _). - apply IH. now destruct (C.bends_here _).
Qed.

Lemma lines_on zs : forall ds,
  Forall2 (fun ac z => act hR z = fst ac * z + snd ac) (map line_R (zip (fun z d => E.right_line (E.place_of hz z d)) zs ds)) (row_reals ds zs).
Proof. induction zs as [|z zs IH]; intros [|d ds]; simpl; constructor; auto. apply place_on_line. apply IH. Qed.

Lemma lines_flat zs : forall ds, all C.is_flat (tzip (E.place_of hz) zs ds) = true ->
  Forall2 (fun ac z => locally_on hR z ac /\ fst ac = 0) (map line_R (zip (fun z d => E.right_line (E.place_of hz z d)) zs ds)) (row_reals ds zs).
Proof.
  intros ds. rewrite tzip_zip. revert ds. induction zs as [|z zs IH]; intros [|d ds] H; simpl in *; constructor.
  - apply both in H as [H _]. unfold C.is_flat in H. apply both in H as [H1 H2]. apply Z.eqb_eq in H1, H2. split.
    + apply place_locally_on. unfold C.bends_here. rewrite H1, H2. reflexivity. + simpl. rewrite H2. apply real_0.
  - apply IH. now apply both in H.
Qed.

(* What a level says about a layer and its lines. *)
Definition level_means (lv : C.level) (l : layer) (ln : A -> list (R * R)) : Prop :=
  (bias l <> None -> C.with_bias lv = true)
  /\ (forall j, represented S (C.slopes lv) (fun s => fst (nth j (ln s) (0, 0))))
  /\ (forall j, represented S (C.intercepts lv) (fun s => snd (nth j (ln s) (0, 0)))).

Lemma descend_sound r cols : forall (lower : list (C.level * (layer * (A -> list (R * R))))) rest lns V,
  Forall (fun t => level_means (fst t) (fst (snd t)) (snd (snd t))) lower ->
  rest <> [] -> vanish S r rest lns -> (forall v, in_V r lns v -> represented S V v) ->
  C.descend (map fst lower) V cols = C.Accepted ->
  vanish S r (rev_append (map (fun t => fst (snd t)) lower) rest) (rev_append (map (fun t => snd (snd t)) lower) lns)
  /\ forall v, in_V r (rev_append (map (fun t => snd (snd t)) lower) lns) v -> exists V', represented S V' v /\ C.orthogonal V' cols = true.
Proof.
  induction lower as [|[lv [l ln]] lower IH]; intros rest lns V HM Hne HV HR H; cbn [map C.descend fst snd rev_append] in *.
  - destruct (C.orthogonal V cols) eqn:O; [|discriminate]. split; auto. intros v Hv. exists V. auto.
  - inversion HM as [|? ? M1 M2]; subst. cbn [fst snd] in M1. destruct M1 as [MB [MS MI]].
    destruct (C.most_products <? _)%Z; [discriminate|].
    destruct (C.orthogonal V (C.distinct (C.intercepts lv))) eqn:O; [|discriminate].
    set (V' := C.products _ _) in H. destruct (C.no_mean (C.with_bias lv) V') eqn:NM; [|discriminate].
    assert (G : forall v, in_V r (ln :: lns) v -> represented S V' v).
    { intros v [u [j [Hu ->]]]. apply products_represented; [now apply HR|]. apply distinct_represented, MS. }
    apply (IH (l :: rest) (ln :: lns) V'); auto; try discriminate.
    cbn [vanish]. destruct rest as [|l' rest]; [congruence|]. split; [eapply no_mean_sound; eauto|]. split; auto.
    intros u j Hu. apply (orthogonal_sound S V (C.distinct (C.intercepts lv))); auto. apply distinct_represented, MI.
Qed.

Lemma activate_length zs ds : length zs = length ds -> length (E.activate hz ds zs) = length ds.
Proof. intros H. unfold E.activate. rewrite tzip_zip. now apply zip_length. Qed.

Lemma trace_sound : forall ls ds (xf : A -> C.reading) below levels b, Forall biased ls ->
  C.trace hz ls ds (map xf S) below = Some (levels, b) ->
  exists (lower : list (C.level * (layer * (A -> list (R * R))))) last,
    levels = map fst lower ++ below /\ Forall (fun t => level_means (fst t) (fst (snd t)) (snd (snd t))) lower
    /\ parameters_R ls = rev_append (map (fun t => fst (snd t)) lower) [last] /\ (bias last <> None -> b = true)
    /\ forall s, In s S -> at_lines hR (parameters_R ls) (rev_append (map (fun t => snd (snd t)) lower) []) s (snd (xf s)) (row_reals ds (fst (xf s))).
Proof.
  induction ls as [|l ls IH]; intros ds xf below levels b HB H; [discriminate|]. inversion HB as [|? ? B1 B2]; subst. cbn [C.trace] in H.
  destruct ls as [|l' ls].
  - inversion H; subst. exists [], (layer_R l). simpl. repeat split; auto. unfold C.has_bias. destruct (E.bias l); simpl; auto; congruence.
  - set (us := E.make_units ds l) in *. rewrite !tmap_map, !map_map in H. set (ds' := map E.denominator us) in *.
    match type of H with (if ?c then _ else _) = _ => destruct c eqn:U; [|discriminate] end.
    set (ln := fun s : A => map line_R (C.lines_of hz us ds' (xf s))).
    destruct (IH _ _ _ _ _ B2 H) as [lower [last [E1 [E2 [E3 [E4 E5]]]]]]. clear IH.
    match type of H with C.trace _ _ _ _ (?v :: _) = _ => set (lv := v) in * end.
    assert (LN : forall s, length (C.lines_of hz us ds' (xf s)) = length us).
    { intros s. rewrite lines_of_R, zip_length; unfold ds'; rewrite ?map_length; auto. apply read_row_length. }
    exists (lower ++ [(lv, (layer_R l, ln))]), last.
    split. { rewrite E1, map_app, <- app_assoc. reflexivity. }
    split. { apply Forall_app. split; auto. constructor; [|constructor]. cbn [fst snd]. unfold level_means.
      split. { unfold lv. cbn [C.with_bias]. unfold C.has_bias. simpl. destruct (E.bias l); simpl; auto. }
      split; intros j.
      - unfold lv. cbn [C.slopes]. rewrite ?tmap_map, ?map_map.
        assert (EQ : forall s, fst (nth j (ln s) (0, 0)) = / IZR (Zpos D) * IZR (nth j (tmap fst (C.lines_of hz us ds' (xf s))) 0%Z)).
        { intros s. unfold ln. rewrite tmap_map. replace (0, 0) with (line_R (0%Z, 0%Z)) by (unfold line_R; simpl; now rewrite real_0).
          rewrite map_nth. change 0%Z with (fst (0%Z, 0%Z)) at 3. rewrite map_nth. unfold line_R, real. cbn [fst snd]. unfold Rdiv. apply Rmult_comm. }
        destruct (column_represented S (fun s => tmap fst (C.lines_of hz us ds' (xf s))) (length us) (/ IZR (Zpos D)) j) as [Z|[w [c [Hw Ew]]]].
        + intros s Hs. rewrite tmap_map, map_length. apply LN.
        + left. intros s Hs. rewrite EQ. now apply Z.
        + right. exists w, c. split; auto. rewrite <- Ew. apply map_ext. apply EQ.
      - unfold lv. cbn [C.intercepts]. rewrite ?tmap_map, ?map_map.
        assert (EQ : forall s, snd (nth j (ln s) (0, 0)) = / IZR (Zpos D) * IZR (nth j (tmap snd (C.lines_of hz us ds' (xf s))) 0%Z)).
        { intros s. unfold ln. rewrite tmap_map. replace (0, 0) with (line_R (0%Z, 0%Z)) by (unfold line_R; simpl; now rewrite real_0).
          rewrite map_nth. change 0%Z with (snd (0%Z, 0%Z)) at 3. rewrite map_nth. unfold line_R, real. cbn [fst snd]. unfold Rdiv. apply Rmult_comm. }
        destruct (column_represented S (fun s => tmap snd (C.lines_of hz us ds' (xf s))) (length us) (/ IZR (Zpos D)) j) as [Z|[w [c [Hw Ew]]]].
        + intros s Hs. rewrite tmap_map, map_length. apply LN.
        + left. intros s Hs. rewrite EQ. now apply Z.
        + right. exists w, c. split; auto. rewrite <- Ew. apply map_ext. apply EQ. }
    split. { cbn [parameters_R map]. fold parameters_R. rewrite map_app, rev_append_rev, rev_app_distr. cbn [map rev app fst snd]. f_equal. rewrite <- rev_append_rev. exact E3. }
    split; auto.
    intros s Hs. rewrite map_app, rev_append_rev, rev_app_distr. cbn [map rev app fst snd]. rewrite <- rev_append_rev.
    cbn [parameters_R map at_lines].
    assert (EA : affine (layer_R l) (row_reals ds (fst (xf s))) = row_reals ds' (E.read_row us (fst (xf s)))) by (symmetry; now apply make_units_R).
    assert (ST : C.is_still l (xf s) = true -> still (layer_R l) (snd (xf s)) (row_reals ds (fst (xf s)))).
    { unfold C.is_still. intros K. apply both in K as [K K3]. apply both in K as [K1 K2]. repeat split; auto.
      - unfold C.has_bias in K1. simpl. now destruct (E.bias l).
      - pose proof (is_zero_spec _ K3) as Z. apply Forall_forall. intros a Ha. clear - Ha Z. unfold row_reals in Ha. revert Ha Z. generalize ds as es. induction (fst (xf s)) as [|n row IH]; intros [|d es] Ha Z; simpl in Ha; try tauto.
        destruct Ha as [<-|Ha]; [|eapply IH; eauto; intros; apply Z; simpl; auto]. rewrite (Z n) by (simpl; auto). apply real_0. }
    apply all_In with (a := xf s) in U; [|now apply in_map]. unfold C.unambiguous in U.
    specialize (E5 s Hs). cbn [fst snd] in E5.
    split.
    + rewrite EA. unfold ln. rewrite lines_of_R. destruct (C.is_still l (xf s)) eqn:K.
      * right. split; [now apply ST|]. apply lines_on.
      * left. apply negb_true_iff in U. now apply lines_locally.
    + exists (snd (C.pass_on hz l us ds' (xf s))). split.
      * unfold C.pass_on. cbn [snd]. intros K. destruct (C.is_still l (xf s)); [left; now apply ST|]. right.
        rewrite EA. unfold ln. rewrite lines_of_R. now apply lines_flat.
      * rewrite EA. unfold C.pass_on in E5 |- *. cbn [fst snd] in E5 |- *.
        assert (ED : map (fun u => (D * Evaluate.denominator u)%positive) us = map (Pos.mul D) ds') by (unfold ds'; now rewrite map_map).
        rewrite ED, activate_R in E5 by auto. exact E5.
Qed.
End Rule.

Theorem check_paths_sound p n ms ls given r : let h := E.compile (E.activation_of p) in
  let x := table_of (map E.inputs (E.data p)) in let y := table_of (map E.targets (E.data p)) in
  good_problem p n ms -> shaped n ms ls -> E.convex (E.loss_on p) = true ->
  E.subgradient_of (E.gap_of (E.loss_on p)) (E.scale p) (Check.fit_for p h x y ls) given = Some r ->
  C.check_paths h ls x r = C.Accepted -> local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros h x y HP HS HV Hr H.
  destruct (point_subgradient p n ms HP ls given r HS HV Hr) as [P [P1 [P2 [P3 [P4 P5]]]]].
  destruct (input_rows p n ms HP) as [X [X1 [X2 X3]]]. fold x in X1, X2, X3.
  set (K := filter (fun s => negb (is_zero (snd s))) P).
  unfold C.check_paths in H.
  assert (HK : C.keep r (fst x) = map (fun s => (snd s, X (fst s))) K).
  { unfold C.keep, K. rewrite tfilter_filter, tzip_zip, <- P2, X1, <- P1, map_map. rewrite (zip_map pair).
    clear. induction P as [|s P IH]; simpl; auto. destruct (negb (is_zero (snd s))); simpl; now rewrite IH. }
  rewrite HK in H. clear HK. rewrite !tmap_map, !map_map in H. cbn [fst snd] in H.
  match type of H with match ?t with _ => _ end = _ => destruct t as [[levels b]|] eqn:ET; [|discriminate] end.
  assert (HKP : forall s, In s K -> In s P) by (intros s Hs; unfold K in Hs; apply filter_In in Hs; tauto).
  assert (HKD : forall s, In s K -> In (fst s) (E.data p)) by (intros s Hs; rewrite <- P1; apply in_map; auto).
  destruct (trace_sound K (E.activation_of p) (good_rising _ _ _ HP) ls (snd x) (fun s => (X (fst s), true)) [] levels b (shaped_biased _ _ _ HS) ET)
    as [lower [last [E1 [E2 [E3 [E4 E5]]]]]].
  rewrite app_nil_r in E1. subst levels.
  set (V0 := C.distinct (transpose (map snd K))) in H. set (cols := C.distinct (transpose (map (fun s => X (fst s)) K))) in H.
  destruct (C.no_mean b V0) eqn:NM; [|discriminate].
  set (rf := fun s : sample * list Z => weighted r (snd s)).
  assert (R0 : forall v, in_V rf [] v -> represented K V0 v).
  { intros v [k ->]. apply distinct_represented.
    pose proof (column_represented K (fun s : sample * list Z => snd s) (last_nat n ms) (Q2R (E.r_factor r)) k) as Q.
    assert (EQ : forall s : sample * list Z, nth k (rf s) 0 = Q2R (E.r_factor r) * IZR (nth k (snd s) 0%Z)).
    { intros s. unfold rf, weighted, times. replace 0 with (Q2R (E.r_factor r) * IZR 0) at 1 by lra. apply (map_nth (fun n => Q2R (E.r_factor r) * IZR n)). }
    destruct Q as [Z|[w [c [Hw Ew]]]].
    + intros [a rw] Hs. eapply P4. apply HKP. eauto.
    + left. intros s Hs. rewrite EQ. now apply Z.
    + right. exists w, c. split; auto. rewrite <- Ew. apply map_ext, EQ. }
  destruct (descend_sound K rf cols lower [last] [] V0 E2 ltac:(discriminate)) as [VAN REP]; auto.
  { simpl. eapply no_mean_sound; eauto. }
  rewrite <- E3 in VAN. set (lns := rev_append _ []) in *.
  assert (AT : forall s, In s K -> at_lines (act_R (E.activation_of p)) (parameters_R ls) lns s true (reals (E.inputs (fst s)))).
  { intros s Hs. specialize (E5 s Hs). cbn [fst snd] in E5. now rewrite (proj1 (X2 _ (HKD s Hs))) in E5. }
  destruct (at_lines_near_all _ K (fun s => reals (E.inputs (fst s))) _ _ AT) as [e [He PN]].
  assert (FR : forall ls', near e (parameters_R ls) ls' -> sum P (fun s => dot (weighted r (snd s)) (predict (act_R (E.activation_of p)) ls' (reals (E.inputs (fst s))))) = 0).
  { intros ls' Hn. rewrite <- (sum_filter P (fun s => negb (is_zero (snd s)))).
    - fold K. apply (frozen_sum K (act_R (E.activation_of p)) rf lns ls' (fun s => reals (E.inputs (fst s)))).
      + eapply vanish_near; eauto.
      + intros v Hv q. destruct (REP v Hv) as [V' [R1 R2]]. apply (orthogonal_sound K V' cols v (fun s => nth q (reals (E.inputs (fst s))) 0)); auto.
        apply distinct_represented.
        (* a column of the inputs, over one denominator *)
        destruct (Nat.lt_ge_cases q n) as [Hq|Hq].
        * pose proof (column_represented K (fun s : sample * list Z => X (fst s)) n (/ IZR (Zpos (nth q (snd x) 1%positive))) q) as Q.
          assert (EQ : forall s, In s K -> nth q (reals (E.inputs (fst s))) 0 = / IZR (Zpos (nth q (snd x) 1%positive)) * IZR (nth q (X (fst s)) 0%Z)).
          { intros s Hs. destruct (X2 _ (HKD s Hs)) as [<- L]. unfold row_reals. clear - L X3 Hq. revert q n Hq L X3. generalize (snd x) as ds. induction (X (fst s)) as [|z row IH]; intros [|d ds] q n Hq L X3; simpl in *; try lia.
            destruct q; [unfold real; lra|]. apply (IH ds q (Nat.pred n)); lia. }
          destruct Q as [Z|[w [c [Hw Ew]]]].
          -- intros s Hs. now apply X2, HKD.
          -- left. intros s Hs. rewrite EQ by auto. now apply Z.
          -- right. exists w, c. split; auto. rewrite <- Ew. apply map_ext_in. exact EQ.
        * left. intros s Hs. apply nth_overflow. unfold reals. rewrite map_length. destruct (good_rows _ _ _ HP _ (HKD s Hs)) as [-> _]. auto.
      + intros s Hs. now apply PN.
    - intros s Hs Hz. apply negb_false_iff in Hz. pose proof (is_zero_spec _ Hz) as Z. unfold weighted, times. clear - Z. revert Z. generalize (predict (act_R (E.activation_of p)) ls' (reals (E.inputs (fst s)))) as f.
      induction (snd s) as [|k rw IH]; intros [|a f] Z; simpl; auto. rewrite (Z k) by (simpl; auto). rewrite IH by (intros; apply Z; simpl; auto). lra. }
  exists e. split; auto. intros ls' Hn. pose proof (P5 e ls' Hn) as Q. rewrite (FR _ Hn), (FR _ (near_refl e _ He)) in Q. lra.
Qed.
