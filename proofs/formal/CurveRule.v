(* The rules `curve` and `direction` are sound: every neighbourhood holds parameters of lower risk. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound ReaderSound Series CurveSound.
From Exactsurf Require Evaluate CheckCurve CheckDeadUnit.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckCurve.
Module D := CheckDeadUnit.

(* Series layers of a shape, with a bias where the list says so. *)
Fixpoint sshaped (n : nat) (ms : list nat) (bs : list bool) (ss : list C.slayer) : Prop :=
  match ms, bs, ss with
  | [], [], [] => True
  | m :: ms', b :: bs', s :: ss' =>
      length (C.sweights s) = m /\ Forall (fun w => length w = n) (C.sweights s)
      /\ match C.sbias s with None => b = false | Some v => b = true /\ length v = m end /\ sshaped m ms' bs' ss'
  | _, _, _ => False
  end.

Lemma sshaped_sbiased ms : forall n bs ss, sshaped n ms bs ss -> Forall sbiased ss.
Proof.
  induction ms as [|m ms IH]; intros n [|b bs] [|s ss] H; simpl in H; try tauto; constructor.
  - destruct H as [H1 [_ [H3 _]]]. unfold sbiased. destruct (C.sbias s); auto. destruct H3. congruence.
  - destruct H as [_ [_ [_ H]]]. eauto.
Qed.

Lemma empty_sshaped ms : forall n ls, shaped n ms ls -> sshaped n ms (map layer_bias ls) (map C.empty_layer ls).
Proof.
  induction ms as [|m ms IH]; intros n [|l ls] H; simpl in *; try tauto. destruct H as [H1 [H2 [H3 H4]]]. rewrite !tmap_map.
  split; [now rewrite map_length|]. split. { apply Forall_forall. intros w Hw. apply in_map_iff in Hw. destruct Hw as [q [<- Hq]]. rewrite tmap_map, map_length. rewrite Forall_forall in H2. auto. }
  split; auto. unfold layer_bias. destruct (E.bias l); auto. split; auto. now rewrite tmap_map, map_length.
Qed.

Lemma add_rows_shape n : forall (W : list (list Q)) (S : list (list C.series)), length W = length S -> Forall (fun w => length w = n) W -> Forall (fun w => length w = n) S ->
  length (zip (tzip C.add_entry) W S) = length S /\ Forall (fun w => length w = n) (zip (tzip C.add_entry) W S).
Proof.
  induction W as [|w W IH]; intros [|s S] L HW HS; simpl in *; try discriminate; auto. inversion HW; subst. inversion HS; subst. destruct (IH S) as [A B]; auto.
  split; [now rewrite A|]. constructor; auto. rewrite tzip_zip, zip_length; auto.
Qed.

Lemma add_sshaped ms : forall n bs ls ss, shaped n ms ls -> map layer_bias ls = bs -> sshaped n ms bs ss -> sshaped n ms bs (zip C.add_layer ls ss).
Proof.
  induction ms as [|m ms IH]; intros n bs [|l ls] [|s ss] H HB H'; simpl in *; destruct bs as [|b bs]; try tauto; try discriminate.
  destruct H as [H1 [H2 [H3 H4]]], H' as [K1 [K2 [K3 K4]]]. inversion HB as [[HB1 HB2]].
  destruct (add_rows_shape n (E.weights l) (C.sweights s) (eq_trans H1 (eq_sym K1)) H2 K2) as [A B].
  cbn [C.add_layer C.sweights C.sbias]. rewrite tzip_zip. split; [exact (eq_trans A K1)|]. split; auto. split.
  - unfold layer_bias in *. destruct (E.bias l) as [v|], (C.sbias s) as [w|]; try (destruct K3; congruence); try congruence; auto.
    destruct K3 as [K3 K5]. split; auto. rewrite tzip_zip, zip_length; [exact K5|exact (eq_trans H3 (eq_sym K5))].
  - rewrite HB2. apply IH; auto.
Qed.

Lemma curve_cons ls cs : exists ss, C.curve_of ls cs = zip C.add_layer ls ss /\ ss = fold (fun ss c => zip C.add_layer c ss) (map C.empty_layer ls) (rev cs).
Proof.
  eexists. split; [|reflexivity]. unfold C.curve_of. rewrite tmap_map, rev_onto_spec, app_nil_r. cbn [rev].
  assert (G : forall l1 l2 acc, fold (fun ss c => tzip C.add_layer c ss) acc (l1 ++ [l2]) = zip C.add_layer l2 (fold (fun ss c => zip C.add_layer c ss) acc l1)).
  { clear. induction l1 as [|a l1 IH]; intros l2 acc; simpl; rewrite tzip_zip; auto. }
  apply G.
Qed.

Lemma entries_near e : 0 < e -> forall row srow, length row = length srow -> exists T, 0 < T <= 1 /\ forall t, 0 < t < T ->
  near_list e (reals row) (map (entry_at t) (zip C.add_entry row srow)).
Proof.
  intros He. induction row as [|q row IH]; intros [|s srow] L; simpl in *; try discriminate. { exists 1. split; [lra|]. intros. constructor. }
  destruct (IH srow ltac:(lia)) as [T [HT P]]. destruct (poly_bounded s) as [B [HB HBd]].
  destruct (small_tail B T (fun t => t) HB ltac:(lra) e He) as [T' [A1 [A2 A3]]]. exists T'. split; [lra|]. intros t Ht. constructor.
  - unfold entry_at, C.add_entry. cbn [poly]. replace (Q2R q + t * poly s t - Q2R q) with (t * poly s t) by lra. rewrite Rabs_mult, (Rabs_right t) by lra.
    specialize (HBd t ltac:(lra)). specialize (A3 t Ht). assert (t * Rabs (poly s t) <= t * B) by (apply Rmult_le_compat_l; lra). lra.
  - apply P. lra.
Qed.

Lemma rows_near_curve e : 0 < e -> forall n W S, length W = length S -> Forall (fun w => length w = n) W -> Forall (fun w => length w = n) S ->
  exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> Forall2 (near_list e) (map reals W) (map (map (entry_at t)) (zip (tzip C.add_entry) W S)).
Proof.
  intros He n. induction W as [|w W IH]; intros [|s S] L HW HS; simpl in *; try discriminate. { exists 1. split; [lra|]. intros. constructor. }
  inversion HW; subst. inversion HS; subst. destruct (IH S) as [T [HT P]]; auto. destruct (entries_near e He w s) as [T2 [HT2 P2]]; auto.
  exists (Rmin T T2). split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T2) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
  constructor; [rewrite tzip_zip; apply P2; lra|apply P; lra].
Qed.

Lemma layers_near e : 0 < e -> forall ms n bs ls ss, shaped n ms ls -> map layer_bias ls = bs -> sshaped n ms bs ss ->
  exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> near e (parameters_R ls) (layers_at (zip C.add_layer ls ss) t).
Proof.
  intros He. induction ms as [|m ms IH]; intros n bs [|l ls] [|s ss] H HB H'; simpl in *; destruct bs as [|b bs]; try tauto; try discriminate. { exists 1. split; [lra|]. intros. constructor. }
  destruct H as [H1 [H2 [H3 H4]]], H' as [K1 [K2 [K3 K4]]]. inversion HB as [[HB1 HB2]].
  destruct (IH m bs ls ss H4 HB2 K4) as [T1 [HT1 P1]].
  destruct (rows_near_curve e He n (E.weights l) (C.sweights s) (eq_trans H1 (eq_sym K1)) H2 K2) as [T2 [HT2 P2]].
  assert (BN : exists T, 0 < T <= 1 /\ forall t, 0 < t < T -> near_bias e (option_map reals (E.bias l)) (option_map (map (entry_at t)) (C.sbias (C.add_layer l s)))).
  { unfold C.add_layer. cbn [C.sbias]. unfold layer_bias in HB1. destruct (E.bias l) as [v|], (C.sbias s) as [w|]; simpl.
    - destruct K3 as [K3 K5]. destruct (entries_near e He v w (eq_trans H3 (eq_sym K5))) as [T [HT P]]. exists T. split; auto. intros t Ht. rewrite tzip_zip. now apply P.
    - congruence. - destruct K3. congruence. - exists 1. split; [lra|auto]. }
  destruct BN as [T3 [HT3 P3]].
  exists (Rmin T1 (Rmin T2 T3)). split. { split; [repeat apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]).
  assert (B : t < T2) by (eapply Rlt_le_trans; [exact Ht2|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
  assert (D : t < T3) by (eapply Rlt_le_trans; [exact Ht2|]; eapply Rle_trans; [apply Rmin_r|apply Rmin_r]).
  constructor; [|apply P1; lra]. split; [|apply P3; lra]. cbn [weights layer_R layer_at C.add_layer C.sweights]. rewrite tzip_zip. apply P2. lra.
Qed.

Lemma zeros_spec n : forall c, In c (C.zeros n) -> Q2R c = 0.
Proof. induction n; simpl; [intros ? []|]. intros c [<-|H]; auto. unfold Q2R. simpl. lra. Qed.

(* The series of the risk begins with the risk at the point and falls. *)
Theorem curve_fall_sound p ls cs order risk0 fall : good_activation (E.activation_of p) -> E.convex (E.loss_on p) = true ->
  of_shape p ls -> Forall (of_shape p) cs -> risk (problem_R p) (parameters_R ls) = Q2R risk0 ->
  C.curve_fall p ls cs order risk0 = Some fall -> not_a_local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HG HV HS HC HR H. unfold C.curve_fall in H.
  generalize dependent (C.nat_of 100 order). intros k H. cbv zeta in H.
  assert (Z1 : C.zeros (S k) <> []) by discriminate. pose proof (zeros_spec (S k)) as Z0.
  generalize dependent (C.zeros (S k)). intros zero H Z1 Z0.
  destruct HS as [HS HB].
  destruct (curve_cons ls cs) as [ss [EC ES]].
  assert (SH : sshaped (inputs_of p) (widths_of p) (E.biases p) ss).
  { rewrite ES. assert (G : forall cs acc, Forall (of_shape p) cs -> sshaped (inputs_of p) (widths_of p) (E.biases p) acc -> sshaped (inputs_of p) (widths_of p) (E.biases p) (fold (fun ss c => zip C.add_layer c ss) acc cs)).
    { clear. induction cs as [|c cs IH]; intros acc HC H; simpl; auto. inversion HC as [|? ? [A B] C2]; subst. apply IH; auto. now apply add_sshaped. }
    apply G; [now apply Forall_rev|]. rewrite <- HB. now apply empty_sshaped. }
  assert (SB : Forall sbiased (C.curve_of ls cs)) by (rewrite EC; eapply sshaped_sbiased, add_sshaped; eauto).
  pose proof (good_risk zero Z1 Z0 p (C.curve_of ls cs) HG HV SB) as [CL LEN].
  rewrite tmap_map in H. set (S := C.srisk _ zero p _) in *. destruct (qeqb (C.value_0 S) risk0) eqn:H0; [|discriminate]. destruct S as [|s0 l]; [simpl in H; discriminate|].
  cbn [C.rest_of C.value_0] in H, H0. rename fall into c. rename H into FF. apply qeqb_R in H0.
  destruct (first_fall_spec l c FF) as [Hc [Hl Hp]]. destruct CL as [K [T [HK [HT CL]]]].
  intros e He. destruct (layers_near e He _ _ _ ls ss HS HB SH) as [T2 [HT2 NR]]. rewrite <- EC in NR.
  set (t := Rmin (Rmin T T2) (- Q2R c / (K + 1)) / 2).
  assert (P1 : 0 < - Q2R c / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  assert (P2 : 0 < Rmin (Rmin T T2) (- Q2R c / (K + 1))) by (repeat apply Rmin_glb_lt; lra).
  assert (Ht : 0 < t) by (unfold t; lra).
  assert (A1 : t < T). { unfold t. pose proof (Rmin_l (Rmin T T2) (- Q2R c / (K + 1))). pose proof (Rmin_l T T2). lra. }
  assert (A2 : t < T2). { unfold t. pose proof (Rmin_l (Rmin T T2) (- Q2R c / (K + 1))). pose proof (Rmin_r T T2). lra. }
  assert (A3 : t < - Q2R c / (K + 1)). { unfold t. pose proof (Rmin_r (Rmin T T2) (- Q2R c / (K + 1))). lra. }
  exists (layers_at (C.curve_of ls cs) t). split; [apply NR; lra|]. rewrite HR, <- H0.
  specialize (CL t ltac:(lra)). cbn [poly length] in CL. rewrite Hp in CL.
  assert (EP : t * (Q2R c * t ^ (length l - 1)) = Q2R c * t ^ length l). { replace (length l) with (Datatypes.S (length l - 1)) at 2 by lia. simpl. lra. }
  rewrite EP in CL. simpl in CL. pose proof (pow_lt t (length l) Ht) as PW.
  assert (A4 : K * t < - Q2R c). { apply (Rmult_lt_compat_r (K + 1)) in A3; [|lra]. unfold Rdiv in A3. rewrite Rmult_assoc, Rinv_l in A3 by lra. lra. }
  assert (A5 : K * (t * t ^ length l) < - Q2R c * t ^ length l) by (rewrite <- Rmult_assoc; now apply Rmult_lt_compat_r).
  pose proof (Rle_abs (risk (problem_R p) (layers_at (C.curve_of ls cs) t) - (Q2R s0 + Q2R c * t ^ length l))). lra.
Qed.

Theorem check_curve_sound p ls cs order risk0 stated : good_activation (E.activation_of p) -> E.convex (E.loss_on p) = true ->
  of_shape p ls -> Forall (of_shape p) cs -> risk (problem_R p) (parameters_R ls) = Q2R risk0 ->
  C.check_curve p ls cs order risk0 stated = true -> not_a_local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HG HV HS HC HR H. unfold C.check_curve in H. destruct (C.curve_fall p ls cs order risk0) as [c|] eqn:F; [|discriminate].
  exact (curve_fall_sound p ls cs order risk0 c HG HV HS HC HR F).
Qed.

(* ---- The rule `dead unit` ---- *)
Lemma all_zip_true {A B} (f : A -> B -> bool) u : forall v, all (fun x : bool => x) (tzip f u v) = true -> length u = length v -> Forall2 (fun x y => f x y = true) u v.
Proof.
  induction u as [|x u IH]; intros [|y v] H Hl; try discriminate; constructor.
  - rewrite tzip_zip in H. simpl in H. now apply both in H. - apply IH; [|simpl in Hl; lia]. rewrite tzip_zip in *. simpl in H. now apply both in H.
Qed.

Lemma same_sizes_shape ms : forall n ls cs, shaped n ms ls -> Forall2 (fun l c => D.same_sizes l c = true) ls cs -> shaped n ms cs /\ map layer_bias cs = map layer_bias ls.
Proof.
  induction ms as [|m ms IH]; intros n [|l ls] cs H HF; simpl in H; try tauto; inversion HF as [|? c ? cs' H1 H2]; subst; auto.
  destruct H as [A1 [A2 [A3 A4]]]. destruct (IH _ _ _ A4 H2) as [B1 B2]. unfold D.same_sizes in H1. apply both in H1 as [H1 K3]. apply both in H1 as [K1 K2].
  apply Z.eqb_eq in K1. rewrite !count_length in K1. assert (LW : length (E.weights c) = m) by (apply Nat2Z.inj; rewrite <- K1; now rewrite A1).
  apply all_zip_true in K2; [|apply Nat2Z.inj; exact K1].
  assert (FW : Forall (fun w => length w = n) (E.weights c)).
  { clear - A2 K2. induction K2 as [|u v W V Huv _ IH]; constructor; inversion A2; subst; auto. apply Z.eqb_eq in Huv. rewrite !count_length in Huv. apply Nat2Z.inj in Huv. congruence. }
  assert (BB : match E.bias c with None => True | Some b => length b = m end /\ layer_bias c = layer_bias l).
  { unfold layer_bias. destruct (E.bias l), (E.bias c); try discriminate; auto. apply Z.eqb_eq in K3. rewrite !count_length in K3. apply Nat2Z.inj in K3. split; auto. congruence. }
  destruct BB as [BB1 BB2]. simpl. rewrite B2, BB2. auto.
Qed.

Theorem check_dead_unit_sound p h ls x r j k delta risk0 stated : good_activation (E.activation_of p) -> E.convex (E.loss_on p) = true ->
  of_shape p ls -> risk (problem_R p) (parameters_R ls) = Q2R risk0 ->
  D.check_dead_unit p h ls x r j k delta risk0 stated = true -> not_a_local_minimum (problem_R p) (parameters_R ls).
Proof.
  intros HG HV HS HR H. unfold D.check_dead_unit in H. destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate.
  destruct (D.pick j _) as [w|]; [|discriminate]. apply both in H as [_ H]. destruct (D.dead_sums _ _ _ _ _ _) as [v d]. cbv zeta in H.
  set (cs := if (Qnum v =? 0)%Z then _ else _) in H. set (order := if (Qnum v =? 0)%Z then 3%Z else 1%Z) in H.
  apply both in H as [H F]. apply both in H as [_ SZ]. destruct (C.curve_fall p [l1; l2] cs order risk0) as [c|] eqn:FF; [|discriminate].
  apply (curve_fall_sound p [l1; l2] cs order risk0 c); auto. destruct HS as [S1 S2].
  apply Forall_forall. intros q Hq. apply all_In with (a := q) in SZ; auto. unfold D.all_same_sizes in SZ. apply both in SZ as [Z1 Z2].
  apply Z.eqb_eq in Z1. rewrite !count_length in Z1. apply Nat2Z.inj in Z1. apply all_zip_true in Z2; auto.
  destruct (same_sizes_shape _ _ _ _ S1 Z2) as [A B]. split; auto. now rewrite B.
Qed.
