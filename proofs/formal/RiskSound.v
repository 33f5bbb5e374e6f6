(* The problem over the real numbers; the risk and the subgradient of a point. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound.
From Exactsurf Require Evaluate.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.

Definition sample_R (s : E.sample) : sample := Sample (reals (E.inputs s)) (reals (E.targets s)) (Q2R (E.weight s)).
Notation sample := E.sample.
Definition problem_R (p : E.problem) : problem :=
  Problem (act_R (E.activation_of p)) (loss_R (E.loss_on p)) (Q2R (E.scale p)) (map sample_R (E.data p)).

(* Parameters that fit the widths n, ms. *)
Fixpoint shaped (n : nat) (ms : list nat) (ls : list E.layer) : Prop :=
  match ms, ls with
  | [], [] => True
  | m :: ms', l :: rest =>
      length (E.weights l) = m /\ Forall (fun w => length w = n) (E.weights l)
      /\ match E.bias l with None => True | Some b => length b = m end /\ shaped m ms' rest
  | _, _ => False
  end.
Fixpoint last_nat (n : nat) (ms : list nat) : nat := match ms with [] => n | m :: ms' => last_nat m ms' end.

Lemma shaped_fits ms : forall n ls, shaped n ms ls -> fits n ms (parameters_R ls).
Proof.
  induction ms as [|m ms IH]; intros n [|l ls] H; simpl in *; auto. destruct H as [H1 [H2 [H3 H4]]].
  split; [now rewrite map_length|]. split.
  { apply Forall_forall. intros w Hw. apply in_map_iff in Hw. destruct Hw as [q [<- Hq]]. unfold reals. rewrite map_length. rewrite Forall_forall in H2. auto. }
  split; [|now apply IH]. destruct (E.bias l); simpl; auto. unfold reals. now rewrite map_length.
Qed.

Lemma shaped_biased ms : forall n ls, shaped n ms ls -> Forall biased ls.
Proof. induction ms as [|m ms IH]; intros n [|l ls] H; simpl in *; try tauto; constructor; destruct H as [H1 [H2 [H3 H4]]]; [|eauto]. unfold biased. destruct (E.bias l); auto. congruence. Qed.

Lemma make_units_length ds l : biased l -> length (E.make_units ds l) = length (E.weights l).
Proof. unfold E.make_units, biased. destruct (E.bias l); intros H; [rewrite tzip_zip, zip_length; auto|rewrite tmap_map; apply map_length]. Qed.

Lemma read_row_length us row : length (E.read_row us row) = length us.
Proof. unfold E.read_row. rewrite tmap_map. apply map_length. Qed.

Lemma forward_lengths h ms : forall n ls t, ms <> [] -> shaped n ms ls ->
  length (snd (E.forward h ls t)) = last_nat n ms /\ forall row, In row (fst (E.forward h ls t)) -> length row = last_nat n ms.
Proof.
  induction ms as [|m ms IH]; intros n ls t Hm H; [congruence|]. destruct ls as [|l ls]; [destruct H|].
  assert (B : biased l) by (apply shaped_biased in H; now inversion H). destruct H as [H1 [H2 [H3 H4]]]. cbn [E.forward].
  pose proof (make_units_length (snd t) l B) as L.
  destruct ls as [|l' ls].
  - destruct ms; [|destruct H4]. cbn [fst snd last_nat]. rewrite !tmap_map. split; [rewrite map_length; congruence|].
    intros row Hr. apply in_map_iff in Hr. destruct Hr as [q [<- _]]. rewrite read_row_length. congruence.
  - destruct ms as [|m' ms]; [destruct H4|]. cbn [last_nat]. apply (IH m (l' :: ls)); [discriminate|exact H4].
Qed.

Lemma rescale_row_R e ds row : (forall d, In d ds -> (Zpos d | Zpos e)%Z) -> map (real e) (E.rescale e ds row) = row_reals ds row.
Proof.
  unfold E.rescale, row_reals. rewrite tzip_zip. revert ds. induction row as [|n row IH]; intros [|d ds] H; simpl; auto.
  rewrite IH by (intros; apply H; simpl; auto). f_equal. apply rescale_R. apply H. simpl. auto.
Qed.

Lemma combined {X Y Z'} (f : X -> Y -> bool) (g : Z' -> Y) (rows : list X) (S : list Z') : Forall2 (fun x y => f x y = true) rows (map g S) ->
  forall a x, In (a, x) (combine S rows) -> f x (g a) = true.
Proof.
  revert rows. induction S as [|b S IH]; intros [|r rows] H a x Hin; simpl in Hin; try tauto. inversion H; subst.
  destruct Hin as [Hin|Hin]; [inversion Hin; subst; auto|eauto].
Qed.

Section Point.
Context {A : Type} (S : list A) (F Y : A -> list Z) (df dy : list positive) (W : A -> Q) (l : E.loss) (m : nat).
Hypothesis HF : forall s, In s S -> length (F s) = m.
Hypothesis HY : forall s, In s S -> length (Y s) = m.
Hypothesis HDF : length df = m.
Hypothesis HDY : length dy = m.
Hypothesis HL : forall s, In s S -> labels (E.gap_of l) (row_reals dy (Y s)).
Hypothesis HW : forall s, In s S -> 0 < Q2R (W s).
Let fit := E.fit_of l (map F S, df) (map Y S, dy) (map W S).
Let ls := E.fit_loss fit.
Let e := E.gap_unit ls.
Let Fe s := E.rescale e df (F s).
Let Ye s := E.rescale e dy (Y s).
Let dw := E.weight_unit fit.
Let We s := over dw (W s).

Lemma fit_facts : compiled_loss ls l /\ (forall d, In d df -> (Zpos d | Zpos e)%Z) /\ (forall d, In d dy -> (Zpos d | Zpos e)%Z)
  /\ E.fit_rows fit = map (fun s => E.FitRow (Ye s) (E.gaps_of (E.gap_of l) (Zpos e) (Fe s) (Ye s)) (We s)) S.
Proof.
  unfold Fe, Ye, We, dw, e, ls, fit, E.fit_of. cbn [fst snd E.fit_loss E.fit_rows E.weight_unit]. set (e0 := fold common (fold common 1%positive df) dy).
  destruct (compile_loss_R l e0) as [C D]. split; auto.
  assert (T : forall ds d0 d, In d ds -> (Zpos d | Zpos (fold common d0 ds))%Z).
  { intros ds d0 d. apply (fold_takes common (fun a b => (Zpos a | Zpos b)%Z)).
    - apply common_l. - intros. apply common_r. - intros. eapply Z.divide_trans; eauto. }
  split. { intros d Hd. eapply Z.divide_trans; [|exact D]. eapply Z.divide_trans; [apply T; eauto|]. apply fold_divides. apply common_l. }
  split. { intros d Hd. eapply Z.divide_trans; [|exact D]. now apply T. }
  rewrite !tzip_zip, !zip_map. reflexivity.
Qed.

Lemma weight_R s : In s S -> real dw (We s) = Q2R (W s) /\ (0 < We s)%Z.
Proof.
  intros Hs. assert (EW : real dw (We s) = Q2R (W s)). { apply over_R. unfold dw, fit. cbn [E.fit_of E.weight_unit]. apply common_of_in. now apply in_map. }
  split; auto. pose proof (HW s Hs) as P. rewrite <- EW, <- (real_0 dw) in P. apply compare_real in P. clear - P. nia.
Qed.

Lemma lengths_e s : In s S -> length (Fe s) = m /\ length (Ye s) = m.
Proof. intros Hs. unfold Fe, Ye, E.rescale. rewrite !tzip_zip. split; rewrite zip_length; rewrite ?HF, ?HY by auto; congruence. Qed.

Lemma risk_of_R s : Q2R (E.risk_of s fit) = Q2R s * sum S (fun a => Q2R (W a) * loss_of (loss_R l) (row_reals df (F a)) (row_reals dy (Y a))).
Proof.
  destruct fit_facts as [C [Df [Dy R]]]. unfold E.risk_of. fold ls. rewrite R. clear R.
  fold dw. set (d2 := (E.loss_unit ls * (E.gap_unit ls * E.gap_unit ls))%positive). rewrite Q2R_make, <- real_mul. rewrite <- Q2R_make. f_equal; try (now destruct s).
  assert (G : forall S0 acc, (forall s, In s S0 -> In s S) ->
    real (dw * d2) (fold (fun acc row => acc + E.row_weight row * fold (E.gap_value ls) 0 (E.row_gaps row))%Z acc (map (fun s => E.FitRow (Ye s) (E.gaps_of (E.gap_of l) (Zpos e) (Fe s) (Ye s)) (We s)) S0))
    = real (dw * d2) acc + sum S0 (fun a => Q2R (W a) * loss_of (loss_R l) (row_reals df (F a)) (row_reals dy (Y a)))).
  { induction S0 as [|a S0 IH]; intros acc HS; simpl; [lra|]. rewrite IH by (intros; apply HS; simpl; auto).
    assert (EY : map (real e) (Ye a) = row_reals dy (Y a)) by (apply rescale_row_R; auto).
    assert (EF : map (real e) (Fe a) = row_reals df (F a)) by (apply rescale_row_R; auto).
    pose proof (gaps_of_R ls l (Fe a) (Ye a)) as Q. fold e in Q. rewrite EY, EF in Q. specialize (Q (HL a (HS a (or_introl eq_refl)))).
    pose proof (gaps_value_R ls l C _ _ _ _ 0%Z Q) as V. fold e in V. fold d2 in V. unfold e in V. fold d2 in V. unfold e.
    cbn [E.row_weight E.row_gaps]. rewrite real_plus, <- real_mul, V, (proj1 (weight_R a (HS a (or_introl eq_refl)))), real_0. unfold loss_of. lra. }
  rewrite G by auto. rewrite real_0. lra.
Qed.

(* r is a subgradient of scale * loss in the predictions of a sample. *)
Definition is_subgradient (c : R) (r : list R) (a : A) : Prop := forall f', length f' = m ->
  c * loss_of (loss_R l) (row_reals df (F a)) (row_reals dy (Y a)) + (dot r f' - dot r (row_reals df (F a))) <= c * loss_of (loss_R l) f' (row_reals dy (Y a)).

Definition times (q : Q) (r : list Z) : list R := map (fun n => Q2R q * IZR n) r.

Lemma all_zip {X Y'} (f : X -> Y' -> bool) u : forall v, all (fun x : bool => x) (tzip f u v) = true -> length u = length v -> Forall2 (fun x y => f x y = true) u v.
Proof.
  induction u as [|x u IH]; intros [|y v] H Hl; try discriminate; constructor.
  - rewrite tzip_zip in H. simpl in H. now apply both in H. - apply IH; [|simpl in Hl; lia]. rewrite tzip_zip in *. simpl in H. now apply both in H.
Qed.

Theorem subgradient_sound s given r : convex (loss_R l) -> qltb 0 s = true -> E.subgradient_of (E.gap_of l) s fit given = Some r ->
  exists P : list (A * list Z), map fst P = S /\ map snd P = E.r_rows r /\ 0 < Q2R (E.r_factor r)
    /\ forall a rw, In (a, rw) P -> length rw = m /\ is_subgradient (Q2R s * Q2R (W a)) (times (E.r_factor r) rw) a.
Proof.
  intros HV Hs H. apply qltb_R in Hs. rewrite Q2R_0 in Hs. destruct fit_facts as [C [Df [Dy R]]]. unfold E.subgradient_of in H. fold ls in H. fold e in H. fold dw in H. rewrite R in H.
  assert (Sn : (0 < Qnum s)%Z). { destruct s as [n d]. rewrite Q2R_make in Hs. simpl. rewrite <- (real_0 d) in Hs. apply compare_real in Hs. nia. }
  assert (EY : forall a, map (real e) (Ye a) = row_reals dy (Y a)) by (intros; apply rescale_row_R; auto).
  assert (EF : forall a, map (real e) (Fe a) = row_reals df (F a)) by (intros; apply rescale_row_R; auto).
  destruct given as [given|].
  - match type of H with (if ?b then _ else _) = _ => destruct b; [|discriminate] end. set (d := fold common_of 1%positive given) in H. rewrite !tmap_map in H.
    set (rows := map (tmap (over d)) given) in H. cbv zeta in H.
    match type of H with (match ?b with true => _ | false => _ end) = _ => destruct b eqn:EB; [|discriminate] end.
    inversion H; subst r. clear H. apply both in EB as [B1 B2]. apply Z.eqb_eq in B1. rewrite !count_length in B1.
    cbn [E.r_rows E.r_factor]. clearbody rows d. apply all_zip in B2; [|lia].
    exists (combine S rows). rewrite map_length in B1. assert (LR : length rows = length S) by lia.
    split. { clear - LR. revert rows LR. induction S as [|a S' IH]; intros [|b rows] L; simpl in *; try discriminate; auto. f_equal. apply IH. lia. }
    split. { clear - LR. revert rows LR. induction S as [|a S' IH]; intros [|b rows] L; simpl in *; try discriminate; auto. f_equal. apply IH. lia. }
    split. { rewrite Q2R_make. unfold real. apply Rdiv_lt_0_compat; auto; lra. }
    intros a rw Hin.
    assert (HA : In a S) by (eapply in_combine_l; eauto).
    pose proof (combined _ _ _ _ B2 _ _ Hin) as HB. cbv beta zeta in HB. cbn [Qnum Qden] in HB.
    cbn [E.row_targets E.row_gaps E.row_weight] in HB. set (ns := E.gaps_of _ _ _ _) in HB. set (rho := E.gather _ _ _ _) in HB.
    apply both in HB as [HB K3]. apply both in HB as [K1 K2]. apply Z.eqb_eq in K1. rewrite !count_length in K1. apply same_spec in K2.
    destruct (lengths_e a HA) as [L1 L2].
    assert (Lns : length ns = m). { unfold ns, E.gaps_of. rewrite tzip_zip, zip_length; lia. }
    assert (Lrho : length rho = m). { unfold rho, E.gather. destruct (E.gap_of l); rewrite ?tzip_zip, ?zip_length; lia. }
    split; [lia|]. apply all_zip in K3; [|lia].
    destruct (weight_R a HA) as [WA WP]. set (c := Qmake (Qnum s * We a) (Qden s * dw)) in *.
    assert (EC : Q2R c = Q2R s * Q2R (W a)). { unfold c. rewrite Q2R_make, <- real_mul, WA, <- Q2R_make. now destruct s. }
    assert (CP : (0 < Qnum c)%Z) by (unfold c; simpl; nia).
    assert (FF : Forall2 (rho_fits ls l (Q2R c) d) rho ns).
    { revert K3. clear - C CP. induction 1 as [|r0 n0 ? ? K _ IH]; constructor; auto. exact (between_R ls l C c d r0 n0 CP K). }
    intros f' Hf'. rewrite <- EY, <- EF.
    assert (TR : times (Qmake 1 d) rw = map (real d) rw).
    { unfold times. apply map_ext. intros n. rewrite Q2R_make. unfold real. field. auto. }
    rewrite TR, <- K2. rewrite <- EC. apply (sample_subgradient ls l (Q2R c) d (Fe a) (Ye a) ns rho HV); auto; try lia. 1: rewrite EC; pose proof (HW a HA); now apply Rmult_lt_0_compat.
    fold e. rewrite EY. auto.
  - destruct (E.has_kinks fit) eqn:HK; [discriminate|]. inversion H; subst r. clear H. cbn [E.r_rows E.r_factor]. rewrite !tmap_map, map_map. cbn [E.row_targets E.row_gaps E.row_weight].
    unfold E.has_kinks in HK. fold ls in HK. rewrite R in HK.
    set (ns := fun a => E.gaps_of (E.gap_of l) (Zpos e) (Fe a) (Ye a)) in *.
    exists (map (fun a => (a, tmap (Z.mul (We a)) (E.spread (E.gap_of l) (Zpos e) (tmap (E.smooth_slope ls) (ns a)) (Ye a)))) S). rewrite !map_map. cbn [fst snd]. rewrite map_id.
    split; auto. split; auto. set (d := (E.loss_unit ls * e)%positive).
    split. { rewrite Q2R_make. apply (Rmult_lt_reg_r (IZR (Zpos (Qden s * (dw * d))))); auto. unfold real. rewrite Rmult_0_l. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by auto. now apply (IZR_lt 0). }
    intros a rw Hin. apply in_map_iff in Hin. destruct Hin as [b [E HA]]. inversion E; subst b rw. clear E. rewrite !tmap_map. destruct (weight_R a HA) as [WA WP].
    destruct (lengths_e a HA) as [L1 L2].
    assert (Lns : length (ns a) = m). { unfold ns, E.gaps_of. rewrite tzip_zip, zip_length; lia. }
    split. { rewrite map_length. unfold E.spread. destruct (E.gap_of l); rewrite ?tzip_zip, ?zip_length, ?map_length; auto; rewrite ?map_length; lia. }
    assert (FF : Forall2 (rho_fits ls l 1 d) (map (E.smooth_slope ls) (ns a)) (ns a)).
    { assert (K : forall n, In n (ns a) -> E.is_kink ls n = false).
      { pose proof (some_false _ _ HK (E.FitRow (Ye a) (ns a) (We a))) as HK'. intros n Hn. apply (some_false (E.is_kink ls) (ns a)); auto.
        exact (HK' ltac:(apply in_map_iff; eexists; split; [reflexivity|exact HA])). }
      clear - K C. induction (ns a) as [|n v IH]; simpl; constructor; [|apply IH; intros; apply K; simpl; auto].
      apply smooth_slope_R; auto. apply K. simpl; auto. }
    intros f' Hf'. rewrite <- EY, <- EF.
    assert (TR : forall v, times (Qmake (Qnum s) (Qden s * (dw * d))) (map (Z.mul (We a)) v) = map (Rmult (Q2R s * Q2R (W a))) (map (real d) v)).
    { intros v. unfold times. rewrite !map_map. apply map_ext. intros n. rewrite <- WA, Q2R_make. destruct s as [sn sd]. rewrite Q2R_make. unfold real. cbn [Qnum Qden].
      rewrite !Pos2Z.inj_mul, !mult_IZR. field. auto. }
    fold ls e d dw. rewrite !TR, !dot_scal.
    pose proof (sample_subgradient ls l 1 d (Fe a) (Ye a) (ns a) (map (E.smooth_slope ls) (ns a)) HV ltac:(lra)) as Q. fold e in Q.
    assert (LL : labels (E.gap_of l) (map (real e) (Ye a))) by (rewrite EY; auto).
    specialize (Q LL ltac:(lia) eq_refl FF f' ltac:(lia)). assert (0 < Q2R s * Q2R (W a)) by (pose proof (HW a HA); now apply Rmult_lt_0_compat). apply (Rmult_le_compat_l (Q2R s * Q2R (W a))) in Q; [|lra]. lra.
Qed.
End Point.
