(* The claim `barrier` is sound: every path between the two points reaches the level (proofs/claims/barrier.md, section 3). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Numbers NumbersSound ForwardSound RiskSound PointSound UnitwiseRule ReaderSound BoundForms BoundRule.
From Exactsurf Require Import PathClaimSound Crossing BarrierSound.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckBound CheckPathClaim CheckBarrier.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module B := CheckBound.
Module P := CheckPathClaim.
Module C := CheckBarrier.

(* ---- Continuous functions of time ---- *)
Lemma continuous_const T c : continuous T (fun _ => c).
Proof. intros t _ e He. exists 1. split; [lra|]. intros. rewrite Rminus_diag_eq, Rabs_R0; auto. Qed.
Lemma continuous_plus T x y : continuous T x -> continuous T y -> continuous T (fun t => x t + y t).
Proof.
  intros H K t Ht e He. destruct (H t Ht (e / 2)) as [d [Hd A]]; [lra|]. destruct (K t Ht (e / 2)) as [d' [Hd' B]]; [lra|]. exists (Rmin d d'). split; [mins|].
  intros u Hu L. replace (x u + y u - (x t + y t)) with ((x u - x t) + (y u - y t)) by lra. eapply Rle_lt_trans; [apply Rabs_triang|].
  assert (Rabs (x u - x t) < e / 2) by (apply A; auto; eapply Rlt_le_trans; [exact L|apply Rmin_l]). assert (Rabs (y u - y t) < e / 2) by (apply B; auto; eapply Rlt_le_trans; [exact L|apply Rmin_r]). lra.
Qed.
Lemma continuous_mult T x y : continuous T x -> continuous T y -> continuous T (fun t => x t * y t).
Proof.
  intros H K t Ht e He. destruct (mult_near (x t) (y t) e He) as [eta [He' M]]. destruct (H t Ht eta He') as [d [Hd A]]. destruct (K t Ht eta He') as [d' [Hd' B]]. exists (Rmin d d'). split; [mins|].
  intros u Hu L. apply M; [apply A|apply B]; auto; (eapply Rlt_le_trans; [exact L|]); [apply Rmin_l|apply Rmin_r].
Qed.
Lemma continuous_act T h x : continuous T x -> continuous T (fun t => act h (x t)).
Proof.
  intros H t Ht e He. destruct (act_lipschitz h) as [K [HK Q]]. destruct (H t Ht (e / K)) as [d [Hd A]]; [now apply Rdiv_lt_0_compat|]. exists d. split; auto.
  intros u Hu L. eapply Rle_lt_trans; [apply Q|]. specialize (A u Hu L). apply (Rmult_lt_compat_l K) in A; auto. replace (K * (e / K)) with e in A by (field; lra). exact A.
Qed.
Lemma continuous_sum {A} T (f : A -> R -> R) l : (forall a, In a l -> continuous T (f a)) -> continuous T (fun t => sum l (fun a => f a t)).
Proof.
  induction l as [|a l IH]; intros H; simpl; [apply continuous_const|]. apply continuous_plus; [apply H; simpl; auto|]. apply IH. intros; apply H; simpl; auto.
Qed.
Lemma continuous_ext T x y : (forall t, x t = y t) -> continuous T x -> continuous T y.
Proof. intros E H t Ht e He. destruct (H t Ht e He) as [d [Hd A]]. exists d. split; auto. intros u Hu L. rewrite <- !E. auto. Qed.

(* ---- A path keeps its shape ---- *)
Definition shape_of (ls : list layer) : list (list nat * option nat) := map (fun l => (map (@length R) (weights l), option_map (@length R) (bias l))) ls.

Lemma near_shape e ls ls' : near e ls ls' -> shape_of ls = shape_of ls'.
Proof.
  intros H. induction H as [|l l' ls ls' [HW HB] H IH]; simpl; auto. rewrite IH. f_equal. f_equal.
  - clear - HW. induction HW as [|w w' W W' L _ IH]; simpl; auto. rewrite IH. f_equal. eapply near_lengths; eauto.
  - unfold near_bias in HB. destruct (bias l), (bias l'); try tauto. simpl. f_equal. eapply near_lengths; eauto.
Qed.

Lemma shape_eq_dec (a b : list (list nat * option nat)) : {a = b} + {a <> b}.
Proof. repeat decide equality. Qed.

Lemma path_shape T g : path T g -> forall t, 0 <= t <= T -> shape_of (g t) = shape_of (g 0).
Proof.
  intros HG t Ht. destruct (shape_eq_dec (shape_of (g t)) (shape_of (g 0))) as [E|N]; auto. exfalso.
  assert (N1 : forall u, 0 <= u <= t -> exists d, 0 < d /\ forall s, 0 <= s <= t -> Rabs (s - u) < d -> shape_of (g u) = shape_of (g s)).
  { intros u Hu. destruct (HG u ltac:(lra) 1 ltac:(lra)) as [d [Hd A]]. exists d. split; auto. intros s Hs L. apply (near_shape 1). apply A; [lra|auto]. }
  destruct (crossing t (fun u => shape_of (g u) = shape_of (g 0)) (fun u => shape_of (g u) <> shape_of (g 0))) as [u [_ [A B]]]; auto; [lra| | |].
  - intros u Hu. destruct (shape_eq_dec (shape_of (g u)) (shape_of (g 0))) as [Q|Q]; [auto|]. right. destruct (N1 u Hu) as [d [Hd A]]. exists d. split; auto. intros s Hs L F. apply Q. rewrite (A s Hs L). exact F.
  - intros u Hu. destruct (shape_eq_dec (shape_of (g u)) (shape_of (g 0))) as [Q|Q]; [|auto]. right. destruct (N1 u Hu) as [d [Hd A]]. exists d. split; auto. intros s Hs L F. apply F. now rewrite <- (A s Hs L).
  - intros u Hu. destruct (shape_eq_dec (shape_of (g u)) (shape_of (g 0))); auto.
Qed.

Lemma fits_shape ms : forall n ls ls', shape_of ls = shape_of ls' -> fits n ms ls -> fits n ms ls'.
Proof.
  induction ms as [|m ms IH]; intros n [|l ls] [|l' ls'] E H; simpl in *; try tauto; try discriminate. inversion E as [[E1 E2 E3]]. destruct H as [H1 [H2 [H3 H4]]].
  split. { rewrite <- H1, <- (map_length (@length R) (weights l')), <- E1. apply map_length. } split.
  - apply Forall_forall. intros w Hw. apply (in_map (@length R)) in Hw. rewrite <- E1 in Hw. apply in_map_iff in Hw. destruct Hw as [v [Hv Hin]]. rewrite <- Hv. rewrite Forall_forall in H2. auto.
  - split; [|eauto]. destruct (bias l), (bias l'); simpl in E2; try discriminate; auto. inversion E2. congruence.
Qed.
Lemma biases_shape bs : forall ls ls', shape_of ls = shape_of ls' -> has_biases bs ls -> has_biases bs ls'.
Proof.
  induction bs as [|b bs IH]; intros [|l ls] [|l' ls'] E H; inversion H; subst; simpl in E; try discriminate; [constructor|]. inversion E as [[E1 E2 E3]]. constructor; [|eapply IH; eauto].
  destruct (bias l), (bias l'); simpl in E2; try discriminate; auto.
Qed.

(* ---- Hidden units along a path ---- *)
Definition no_layer : layer := Layer [] None.
Definition weight_at (j : nat) (ls : list layer) : R := nth j (hd [] (weights (nth 1 ls no_layer))) 0.
Definition weights_at (j : nat) (ls : list layer) : list R := nth j (augmented (nth 0 ls no_layer)) [].

Lemma units_nth n m ls : fits n [m; 1%nat] ls -> units_at ls = map (fun j => (weight_at j ls, weights_at j ls)) (seq 0 m).
Proof.
  intros H. pose proof (units_count n m ls H) as L. unfold units_at in *. destruct ls as [|l1 [|l2 [|? ?]]]; simpl in H; try tauto. cbn [weight_at weights_at nth].
  unfold weight_at, weights_at. cbn [nth]. set (v := hd [] (weights l2)) in *. set (ws := augmented l1) in *. clearbody v ws. clear H. unfold unit in L. rewrite combine_length in L.
  revert v ws L. induction m as [|m IH]; intros [|a v] [|w ws] L; simpl in L; try lia; auto.
  cbn [combine seq map nth]. f_equal. rewrite <- seq_shift, map_map. apply (IH v ws). lia.
Qed.

Lemma nth_near e : 0 < e -> forall u v, near_list e u v -> forall j, Rabs (nth j v 0 - nth j u 0) < e.
Proof. intros He u v H. induction H as [|a b u v Hab H IH]; intros [|j]; simpl; auto; rewrite ?Rminus_diag_eq, ?Rabs_R0; auto. Qed.
Lemma nth_rows_near e : forall W W', Forall2 (near_list e) W W' -> forall j, near_list e (nth j W []) (nth j W' []).
Proof. intros W W' H. induction H as [|a b u v Hab H IH]; intros [|j]; simpl; auto; constructor. Qed.

Lemma weight_at_near e j ls ls' : 0 < e -> near e ls ls' -> Rabs (weight_at j ls' - weight_at j ls) < e.
Proof.
  intros He H. unfold weight_at. apply nth_near; auto. destruct H as [|l l' ls ls' _ [|l2 l2' rest rest' [HW _] _]]; simpl; try constructor.
  inversion HW; simpl; [constructor|auto].
Qed.
Lemma augmented_near e l l' : near_layer e l l' -> Forall2 (near_list e) (augmented l) (augmented l').
Proof.
  intros [HW HB]. unfold augmented, near_bias in *. destruct (bias l) as [b|], (bias l') as [b'|]; try tauto.
  revert b b' HB. induction HW as [|w w' W W' Hw HW IH]; intros b b' HB; inversion HB; subst; simpl; constructor; auto. apply Forall2_app; auto.
Qed.
Lemma weights_at_near e j ls ls' : near e ls ls' -> near_list e (weights_at j ls) (weights_at j ls').
Proof.
  intros H. unfold weights_at. apply nth_rows_near. destruct H as [|l l' ls ls' H _]; simpl; [constructor|]. now apply augmented_near.
Qed.

Section Path.
Variables (T : R) (g : R -> list layer).
Hypothesis HG : path T g.

Lemma continuous_weight j : continuous T (fun t => weight_at j (g t)).
Proof. intros t Ht e He. destruct (HG t Ht e He) as [d [Hd A]]. exists d. split; auto. intros u Hu L. apply weight_at_near; auto. Qed.

Lemma near_list_same e u : 0 < e -> near_list e u u.
Proof. apply near_list_refl. Qed.

Lemma continuous_read ds row j : continuous T (fun t => read ds (weights_at j (g t)) row).
Proof.
  intros t Ht e He. unfold read. destruct (dot_near (row_reals ds row) (weights_at j (g t)) e He) as [eta [He' Q]]. destruct (HG t Ht eta He') as [d [Hd A]]. exists d. split; auto.
  intros u Hu L. apply Q; [now apply near_list_refl|]. apply weights_at_near. auto.
Qed.

Variables (h : E.activation) (rows : list (list Z)) (ds : list positive) (m : nat).
Definition units_along (t : R) : list unit := map (fun j => (weight_at j (g t), weights_at j (g t))) (seq 0 m).

Lemma closed_side s x : continuous T x -> closed T (fun t => on_side s (x t)).
Proof.
  intros H. destruct s as [[]|]; simpl; [now apply closed_le|now apply closed_ge| |apply closed_true].
  apply (closed_iff T (fun t => 0 <= x t /\ x t <= 0)); [intros; lra|]. apply closed_and; [now apply closed_le|now apply closed_ge].
Qed.

Lemma walls_as_map w : wall_values h rows ds w = map (fun c => read ds w (fst c) - Q2R (snd c)) (flat_map (fun row => map (fun td => (row, fst td)) (B.turns h)) rows).
Proof.
  unfold wall_values. induction rows as [|r rs IH]; simpl; auto. rewrite map_app, map_map, IH. reflexivity.
Qed.

Lemma closed_inside rs : closed T (fun t => all_inside h rows ds rs (units_along t)).
Proof.
  unfold all_inside, units_along. apply (closed_Forall2 T (inside h rows ds) (fun j t => (weight_at j (g t), weights_at j (g t)))). intros a j _.
  unfold inside. cbn [fst snd]. apply closed_and.
  - apply closed_side. apply continuous_weight.
  - apply (closed_iff T (fun t => Forall2 on_side (B.required a) (map (fun c => read ds (weights_at j (g t)) (fst c) - Q2R (snd c)) (flat_map (fun row => map (fun td => (row, fst td)) (B.turns h)) rows)))).
    { intros t. unfold obeys. now rewrite walls_as_map. }
    apply (closed_Forall2 T on_side (fun c t => read ds (weights_at j (g t)) (fst c) - Q2R (snd c))). intros s c _. apply closed_side.
    apply (continuous_ext T (fun t => read ds (weights_at j (g t)) (fst c) + - Q2R (snd c))); [intros; lra|]. apply continuous_plus; [apply continuous_read|apply continuous_const].
Qed.

Lemma continuous_form q j : continuous T (fun t => form_value h rows ds q (weights_at j (g t))).
Proof.
  unfold form_value, reading. revert q. induction rows as [|r rs IH]; intros [|a q]; simpl; try apply continuous_const.
  apply continuous_plus; [|apply IH]. apply continuous_mult; [apply continuous_const|]. apply continuous_act, continuous_read.
Qed.

Lemma closed_bounded duals : closed T (fun t => is_bounded h rows ds duals (units_along t)).
Proof.
  unfold is_bounded. apply (closed_exists T (fun r t => 0 <= total_of h rows ds r (units_along t))). intros r _. apply closed_le.
  apply (continuous_ext T (fun t => sum (seq 0 m) (fun j => weight_at j (g t) * form_value h rows ds (reals r) (weights_at j (g t))))).
  { intros t. unfold total_of, units_along. rewrite sum_map. reflexivity. }
  apply (continuous_sum T (fun j t => weight_at j (g t) * form_value h rows ds (reals r) (weights_at j (g t)))). intros j _. apply continuous_mult; [apply continuous_weight|apply continuous_form].
Qed.
End Path.

(* ---- Whether a point lies in a region ---- *)
Lemma has_sign_sound s n e : C.has_sign s n = true -> on_side s (real e n).
Proof.
  assert (Z0 : real e 0 = 0) by apply real_0. destruct s as [[]|]; simpl; auto; intros H; [apply Z.leb_le in H|apply Z.leb_le in H|apply Z.eqb_eq in H; now subst].
  - destruct (Z.eq_dec n 0) as [->|N]; [lra|]. left. rewrite <- Z0. apply compare_real. nia.
  - destruct (Z.eq_dec n 0) as [->|N]; [lra|]. left. rewrite <- Z0. apply compare_real. nia.
Qed.
Lemma have_signs_sound ss : forall ns us, C.have_signs ss ns = true -> Forall2 (fun n u => exists e, u = real e n) ns us -> obeys ss us.
Proof.
  induction ss as [|s ss IH]; intros [|n ns] us H HF; simpl in H; try discriminate; inversion HF as [|? u ? us' F1 F2]; subst; [constructor|].
  apply both in H as [H1 H2]. destruct F1 as [e ->]. constructor; [now apply has_sign_sound|]. now apply (IH ns).
Qed.

Section Inside.
Variables (h : E.activation) (rows : list (list Z)) (ds : list positive).
Let ts := map fst (B.turns h).

Lemma sides_of_sound d w : forall zs, map (read ds w) rows = map (real d) zs -> Forall2 (fun n u => exists e, u = real e n) (C.sides_of ts d zs) (wall_values h rows ds w).
Proof.
  unfold C.sides_of, wall_values, ts. intros zs. rewrite tflat_spec. revert zs. induction rows as [|r rs IH]; intros [|z zs] E; simpl in E; try discriminate; [constructor|].
  injection E as E1 E2. simpl. apply Forall2_app; [|now apply IH]. rewrite tmap_map, map_map, E1. clear.
  induction (B.turns h) as [|[t b] ks IH]; simpl; constructor; auto. rewrite side_R. eauto.
Qed.

Lemma lies_in_sound (W : nat -> unit) : forall rs vs dens columns i, C.lies_in ts rs vs dens columns = true ->
  (forall j, (j < length vs)%nat -> fst (W (i + j)%nat) = Q2R (nth j vs 0%Q) /\ map (read ds (snd (W (i + j)%nat))) rows = map (real (nth j dens 1%positive)) (nth j columns [])) ->
  all_inside h rows ds rs (map W (seq i (length vs))).
Proof.
  unfold all_inside. induction rs as [|a rs IH]; intros [|v vs] [|d dens] [|zs columns] i H HW; simpl in H; try discriminate; simpl; constructor.
  - apply both in H as [H _]. apply both in H as [H1 H2]. destruct (HW 0%nat ltac:(simpl; lia)) as [W1 W2]. rewrite Nat.add_0_r in W1, W2. simpl in W1, W2. split.
    + rewrite W1. destruct v as [n0 d0]. now apply has_sign_sound.
    + eapply have_signs_sound; [exact H2|]. now apply sides_of_sound.
  - apply both in H as [_ H]. apply (IH vs dens columns (S i) H). intros j Hj. specialize (HW (S j) ltac:(simpl; lia)). replace (i + S j)%nat with (S i + j)%nat in HW by lia. exact HW.
Qed.
End Inside.

Lemma nth_row_reals : forall ds row j, length row = length ds -> nth j (row_reals ds row) 0 = real (nth j ds 1%positive) (nth j row 0%Z).
Proof.
  unfold row_reals. induction ds as [|d ds IH]; intros [|n row] [|j] L; simpl in *; try discriminate; auto; try (symmetry; apply real_0).
Qed.

Section Claim.
Variables (p : E.problem) (n m : nat) (b1 b2 : bool).
Hypothesis HP : good_problem p n [m; 1%nat].
Hypothesis HV : E.convex (E.loss_on p) = true.
Hypothesis HB : E.biases p = [b1; b2].
Let h := E.activation_of p.
Let x := table_of (map E.inputs (E.data p)).
Let t := U.extend b1 x.

Definition fitting (ls : list E.layer) : Prop := shaped n [m; 1%nat] ls /\ map layer_bias ls = E.biases p.

Lemma fitting_R ls : fitting ls -> fits n [m; 1%nat] (parameters_R ls) /\ has_biases [b1; b2] (parameters_R ls).
Proof.
  intros [S1 S2]. split; [now apply shaped_fits|]. rewrite HB in S2. clear - S2. revert S2. generalize [b1; b2] as bs. unfold has_biases, parameters_R.
  induction ls as [|l ls IH]; intros bs E; simpl in E; subst; simpl; constructor; auto. unfold layer_bias. cbn [layer_R bias]. destruct (E.bias l); reflexivity.
Qed.

Lemma is_in_sound ls found : fitting ls -> C.is_in (map fst (B.turns h)) x ls found = true -> exists rs, In rs found /\ all_inside h (fst t) (snd t) rs (units_at (parameters_R ls)).
Proof.
  intros HF H. destruct (fitting_R ls HF) as [FR BR]. destruct HF as [HS HL]. unfold C.is_in in H. destruct ls as [|l1 [|l2 [|? ?]]]; try discriminate.
  destruct (E.weights l2) as [|vs [|? ?]] eqn:EV; try discriminate. cbv zeta in H. apply some_In in H. destruct H as [rs [Hin H]]. exists rs. split; auto.
  simpl in HS. destruct HS as [A1 [A2 [A3 [A4 [A5 [A6 _]]]]]]. rewrite EV in A5. inversion A5 as [|? ? LV _]; subst.
  rewrite (units_nth n (length (E.weights l1)) _ FR). rewrite <- LV.
  destruct (input_rows p _ _ HP) as [X [X1 [X2 X3]]]. fold x in X1, X2, X3.
  destruct (extended_inputs p n _ b1 HP) as [row [ds [ET [LR RD]]]]. fold x in ET. unfold t. rewrite ET. cbn [fst snd].
  assert (BI : biased l1) by (unfold biased; destruct (E.bias l1); auto).
  unfold P.hidden in H. cbv zeta in H. cbn [fst snd] in H. rewrite !tmap_map, X1, map_map in H. set (us := E.make_units (snd x) l1) in *.
  assert (LU : length us = length (E.weights l1)) by (apply make_units_length; auto).
  pose proof (good_data _ _ _ HP) as ND.
  destruct (transpose_nth 0%Z (fun s => E.read_row us (X s)) (length us) (E.data p) ND) as [T1 T2]. { intros s _. apply read_row_length. }
  apply (lies_in_sound h (map row (E.data p)) ds (fun j => (weight_at j (parameters_R [l1; l2]), weights_at j (parameters_R [l1; l2]))) rs vs _ _ 0%nat H).
  intros j Hj. cbn [Nat.add fst snd]. split.
  - unfold weight_at. cbn [parameters_R map nth layer_R weights]. rewrite EV. cbn [map hd]. unfold reals. rewrite <- Q2R_0. apply map_nth.
  - rewrite T2 by lia. rewrite !map_map. apply map_ext_in. intros s Hs.
    rewrite <- nth_row_reals by (rewrite read_row_length; now rewrite map_length). unfold us. rewrite make_units_R by auto. rewrite (proj1 (X2 s Hs)).
    assert (Hb1 : match bias (layer_R l1) with None => b1 = false | Some _ => b1 = true end). { inversion BR as [|? ? ? ? BR1 _]; subst. exact BR1. }
    unfold read. rewrite (RD (layer_R l1) s Hb1 Hs). unfold weights_at. cbn [parameters_R map nth].
    rewrite affine_augmented.
    + rewrite dot_comm. symmetry. change 0 with ((fun w => dot w (input (layer_R l1) (reals (E.inputs s)))) []). apply map_nth.
    + intros w Hw. cbn [layer_R weights] in Hw. apply in_map_iff in Hw. destruct Hw as [q [<- Hq]]. unfold reals. rewrite !map_length. rewrite Forall_forall in A2. rewrite A2 by auto. symmetry. now apply (good_rows _ _ _ HP).
    + intros b Eb. cbn [layer_R bias weights] in *. unfold biased in BI. destruct (E.bias l1); simpl in Eb; try discriminate. inversion Eb. unfold reals. rewrite !map_length. exact BI.
Qed.

Theorem separation_sound level first last e : fitting first -> fitting last -> C.check_separation p level first last e = true ->
  separated (problem_R p) (Q2R level) (parameters_R first) (parameters_R last).
Proof.
  intros F1 F2 H T g HT HG G0 GT. unfold C.check_separation in H. rewrite HB in H. destruct first as [|l1 [|l2 [|? ?]]] eqn:EF; try discriminate. rewrite <- EF in *.
  rewrite !tmap_map in H. fold x in H. cbv zeta in H. fold t h in H. set (k := B.walls_of h t) in *.
  apply both in H as [H HM]. apply both in H as [HD HF].
  assert (ETS : map fst (B.turns_at k) = map fst (B.turns h)) by (unfold k, B.walls_of; destruct t, (align _); reflexivity). rewrite ETS in HM.
  destruct (C.leaves _ _ _ _ _ _ _ _) as [[fs ls]|] eqn:EL; [|discriminate]. rewrite !rev_onto_spec, !app_nil_r in HM. apply both in HM as [HM I2]. apply both in HM as [HM I1].
  destruct (is_in_sound _ _ F1 I1) as [r1 [R1 Q1]]. destruct (is_in_sound _ _ F2 I2) as [r2 [R2 Q2]].
  destruct (fitting_R _ F1) as [FF FB]. destruct (extended_rows p n _ b1 HP) as [LR [NR LN]]. fold x in LR, NR, LN. fold t in LR, NR, LN.
  set (duals := C.barrier_duals e) in *. set (rows := fst t) in *. set (ds := snd t) in *.
  assert (Et : t = (rows, ds)) by (unfold rows, ds; apply surjective_pairing). unfold k in EL, HF. rewrite Et in EL, HF. cbn [fst] in EL.
  assert (LD : forall r, In r duals -> length r = length rows).
  { intros r Hr. pose proof (all_In _ _ HD _ Hr) as Q. unfold B.check_dual in Q. apply both in Q as [Q _]. apply both in Q as [Q _]. apply Z.eqb_eq in Q. rewrite !count_length in Q. lia. }
  assert (CF : forall f, In f (C.barrier_forms e) -> B.check_form h (B.walls_of h (rows, ds)) duals f = true) by (intros f Hf; pose proof (all_In _ _ HF _ Hf) as Q; apply both in Q as [_ Q]; exact Q).
  assert (SH : forall s, 0 <= s <= T -> fits n [m; 1%nat] (g s) /\ has_biases [b1; b2] (g s)).
  { intros s Hs. pose proof (path_shape T g HG s Hs) as E. rewrite G0 in E. split; [eapply fits_shape|eapply biases_shape]; try (symmetry; exact E); auto. }
  assert (EU : forall s, 0 <= s <= T -> units_along g m s = units_at (g s)). { intros s Hs. symmetry. apply (units_nth n m). now apply SH. }
  set (bounded := fun s => is_bounded h rows ds duals (units_along g m s)).
  set (side := fun l s => exists rs, In rs l /\ all_inside h rows ds rs (units_along g m s)).
  assert (CL : forall l, closed T (side l)). { intros l. apply (closed_exists T (fun rs s => all_inside h rows ds rs (units_along g m s))). intros rs _. now apply closed_inside. }
  assert (CB : closed T bounded) by (now apply closed_bounded).
  assert (HX : exists s, 0 <= s <= T /\ bounded s).
  { destruct (crossing T (fun s => side fs s \/ bounded s) (fun s => side ls s \/ bounded s)) as [s [Hs [[[ra [A1 A2]]|A] [[rb [B1 B2]]|B]]]]; auto using closed_or; try (exists s; auto; fail).
    - intros s Hs. destruct (leaves_sound h rows ds LR NR duals _ LD CF _ _ _ _ _ _ _ EL 0%Z _ (units_along g m s) (or_introl eq_refl)) as [Q|[Q|Q]]; [|left; left; exact Q|right; left; exact Q|left; right; exact Q].
      rewrite (EU s Hs). apply free_everywhere. destruct (SH s Hs) as [SF _]. rewrite (units_count _ _ _ SF). destruct F1 as [F1 _]. rewrite EF in F1. simpl in F1. tauto.
    - left. exists r1. split; auto. rewrite (EU 0) by lra. now rewrite G0.
    - left. exists r2. split; auto. rewrite (EU T) by lra. now rewrite GT.
    - exists s. split; auto. apply (all_meet_sound h rows ds LR NR duals _ LD CF (rev ls) _ (rev fs) _ HM ra rb); auto; now apply -> in_rev. }
  destruct HX as [s [Hs [r [Rin Rt]]]]. exists s. split; auto. destruct (SH s Hs) as [SF SB].
  apply (dual_vector_sound p n m b1 b2 level r (g s) HP HV SF SB (all_In _ _ HD _ Rin)). fold x. fold t. fold h. fold rows ds. rewrite (EU s Hs) in Rt. exact Rt.
Qed.
End Claim.
