(* What the reader has checked about every statement that it returns. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound PointSound.
From Exactsurf Require Evaluate Json Reader CheckPaths.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module J := Json.
Module Rd := Reader.

Ltac crack H := repeat match type of H with match ?e with _ => _ end = _ => destruct e eqn:?; try discriminate H end.

(* ---- The losses by their names are those of Network.v ---- *)
Lemma squared_R : loss_R Rd.squared = squared.
Proof. unfold loss_R, Rd.squared, squared, quadratic_R. cbn [E.gap_of E.first_piece E.more_pieces map]. rewrite Q2R_0, Q2R_1. reflexivity. Qed.
Lemma absolute_R : loss_R Rd.absolute = absolute.
Proof.
  unfold loss_R, Rd.absolute, absolute, piece_R, quadratic_R. cbn [E.gap_of E.first_piece E.more_pieces map fst snd].
  assert (H : Q2R (- (1)) = -1) by (unfold Q2R; simpl; lra). rewrite H, Q2R_0, Q2R_1. reflexivity.
Qed.
Lemma hinge_R : loss_R Rd.hinge = hinge.
Proof.
  unfold loss_R, Rd.hinge, hinge, piece_R, quadratic_R. cbn [E.gap_of E.first_piece E.more_pieces map fst snd].
  assert (H : Q2R (- (1)) = -1) by (unfold Q2R; simpl; lra). rewrite H, Q2R_0, Q2R_1. reflexivity.
Qed.
Lemma hinge_of_classes_R : loss_R Rd.hinge_of_classes = hinge_of_classes.
Proof.
  unfold loss_R, Rd.hinge_of_classes, hinge_of_classes, piece_R, quadratic_R. cbn [E.gap_of E.first_piece E.more_pieces map fst snd].
  assert (H : Q2R (- (1)) = -1) by (unfold Q2R; simpl; lra). rewrite H, Q2R_0, Q2R_1. reflexivity.
Qed.
Lemma huber_R d : loss_R (Rd.huber d) = huber (Q2R d).
Proof.
  unfold loss_R, Rd.huber, huber, piece_R, quadratic_R. cbn [E.gap_of E.first_piece E.more_pieces map fst snd]. rewrite !qmul_R, !qopp_R.
  assert (H : Q2R (-1 # 2) = - (1 / 2)) by (unfold Q2R; simpl; lra). rewrite H.
  assert (H2 : Q2R (1 # 2) = 1 / 2) by (unfold Q2R; simpl; lra). rewrite H2, Q2R_0.
  assert (H3 : - (1 / 2) * (Q2R d * Q2R d) = - (Q2R d * Q2R d) / 2) by lra. rewrite H3. reflexivity.
Qed.

(* ---- Sizes ---- *)
Lemma vector_length n j v : J.vector n j = Some v -> Z.of_nat (length v) = n.
Proof. unfold J.vector. intros H. crack H. inversion H; subst. now apply has_length_spec. Qed.

Lemma items_Forall2 {A} (read : J.json -> option A) j l : J.items read j = Some l -> exists js, Forall2 (fun j a => read j = Some a) js l.
Proof. unfold J.items. destruct j; try discriminate. intros H. apply collect_Forall2 in H. eauto. Qed.

Lemma items_each {A} (read : J.json -> option A) (P : A -> Prop) j l : (forall j a, read j = Some a -> P a) -> J.items read j = Some l -> Forall P l.
Proof. intros HP H. apply items_Forall2 in H. destruct H as [js H]. induction H; constructor; eauto. Qed.

Lemma matrix_lengths rows columns j w : J.matrix rows columns j = Some w -> Z.of_nat (length w) = rows /\ Forall (fun v => Z.of_nat (length v) = columns) w.
Proof.
  unfold J.matrix. intros H. crack H. inversion H; subst. split; [now apply has_length_spec|].
  eapply items_each; [|eassumption]. intros j0 a. apply vector_length.
Qed.

(* ---- Parameters ---- *)
Definition layer_bias (l : E.layer) : bool := match E.bias l with None => false | Some _ => true end.

Lemma take_layers_spec : forall ms number n bs fs found ls, (0 <= n)%Z -> Rd.take_layers number n ms bs fs found = Some ls ->
  exists new, ls = rev found ++ new /\ shaped (Z.to_nat n) (map Z.to_nat ms) new /\ map layer_bias new = bs.
Proof.
  induction ms as [|m ms IH]; intros number n bs fs found ls Hn H; destruct bs as [|b bs]; cbn [Rd.take_layers] in H; try discriminate.
  - destruct fs; [|discriminate]. inversion H; subst. exists []. rewrite rev_onto_spec. split; [reflexivity|split; [exact I|reflexivity]].
  - destruct (J.take_field _ fs []) as [[wj fs1]|]; [|discriminate]. destruct (J.matrix m n wj) as [w|] eqn:EW; [|discriminate].
    destruct (matrix_lengths _ _ _ _ EW) as [L1 L2].
    assert (LW : Forall (fun v => length v = Z.to_nat n) w) by (eapply Forall_impl; [|exact L2]; intros v Hv; cbv beta in Hv; lia).
    destruct b.
    + destruct (J.take_field _ fs1 []) as [[bj fs2]|]; [|discriminate]. destruct (J.vector m bj) as [v|] eqn:EV; [|discriminate]. apply vector_length in EV.
      destruct (IH _ m _ _ _ _ ltac:(lia) H) as [new [E1 [E2 E3]]]. exists (E.Layer w (Some v) :: new). simpl in E1. rewrite <- app_assoc in E1. split; auto.
      split; [|simpl; now rewrite E3]. cbn [map shaped E.weights E.bias]. repeat split; auto; lia.
    + destruct (IH _ m _ _ _ _ ltac:(lia) H) as [new [E1 [E2 E3]]]. exists (E.Layer w None :: new). simpl in E1. rewrite <- app_assoc in E1. split; auto.
      split; [|simpl; now rewrite E3]. cbn [map shaped E.weights E.bias]. repeat split; auto; lia.
Qed.

Definition inputs_of (p : E.problem) : nat := match E.widths p with [] => 0%nat | n :: _ => Z.to_nat n end.
Definition widths_of (p : E.problem) : list nat := match E.widths p with [] => [] | _ :: ms => map Z.to_nat ms end.
Definition of_shape (p : E.problem) (ls : list E.layer) : Prop := shaped (inputs_of p) (widths_of p) ls /\ map layer_bias ls = E.biases p.

Lemma read_parameters_spec p j ls : Forall (fun w => 1 <= w)%Z (E.widths p) -> Rd.read_parameters p j = Some ls -> of_shape p ls.
Proof.
  unfold Rd.read_parameters, of_shape, inputs_of, widths_of. destruct (E.widths p) as [|n ms]; [discriminate|]. intros HW H. destruct j; try discriminate.
  inversion HW; subst. destruct (take_layers_spec _ _ n _ _ _ _ ltac:(lia) H) as [new [E1 [E2 E3]]]. simpl in E1. subst. auto.
Qed.

Lemma same_length_near (u v : list Q) : length u = length v -> exists e, near_list e (reals u) (reals v).
Proof.
  revert v. induction u as [|a u IH]; intros [|b v] H; simpl in *; try discriminate. { exists 1. constructor. }
  destruct (IH v ltac:(lia)) as [e He]. exists (Rmax e (Rabs (Q2R b - Q2R a) + 1)). constructor.
  - eapply Rlt_le_trans; [|apply Rmax_r]. lra. - eapply near_list_mono; [apply Rmax_l|exact He].
Qed.

Lemma shaped_same_shape ms : forall n ls ls', shaped n ms ls -> shaped n ms ls' -> map layer_bias ls = map layer_bias ls' -> same_shape (parameters_R ls) (parameters_R ls').
Proof.
  unfold same_shape. induction ms as [|m ms IH]; intros n [|l ls] [|l' ls'] H H' HB; simpl in *; try tauto. { exists 1. constructor. }
  destruct H as [A1 [A2 [A3 A4]]], H' as [B1 [B2 [B3 B4]]]. inversion HB as [[HB1 HB2]].
  destruct (IH m ls ls' A4 B4 HB2) as [e1 H1].
  assert (exists e, Forall2 (near_list e) (map reals (E.weights l)) (map reals (E.weights l'))) as [e2 H2].
  { clear - A1 A2 B1 B2. rewrite <- B1 in A1. clear B1. revert A1. generalize dependent (E.weights l'). induction (E.weights l) as [|w W IH]; intros [|w' W'] B2 L; simpl in *; try discriminate. { exists 1. constructor. }
    inversion A2; subst. inversion B2; subst. destruct (IH H2 W' ltac:(auto) ltac:(lia)) as [e He]. destruct (same_length_near w w') as [e' He']; [congruence|].
    exists (Rmax e e'). constructor. { eapply near_list_mono; [apply Rmax_r|exact He']. } clear - He. induction He; constructor; auto. eapply near_list_mono; [apply Rmax_l|eauto]. }
  assert (exists e, near_bias e (option_map reals (E.bias l)) (option_map reals (E.bias l'))) as [e3 H3].
  { unfold layer_bias in HB1. destruct (E.bias l), (E.bias l'); try discriminate; simpl. { apply same_length_near. congruence. } exists 1. auto. }
  exists (Rmax e1 (Rmax e2 e3)). constructor.
  - split; simpl.
    + clear - H2. induction H2; constructor; auto. eapply near_list_mono; [|eauto]. eapply Rle_trans; [apply Rmax_l|apply Rmax_r].
    + eapply near_bias_mono; [|eauto]. eapply Rle_trans; [apply Rmax_r|apply Rmax_r].
  - eapply near_mono; [|exact H1]. apply Rmax_l.
Qed.

(* ---- The problem ---- *)
Lemma increasing_rising ts : forall rest, Rd.increasing ts = true -> length ts = length rest -> rising (map pair_R (zip pair ts rest)).
Proof.
  induction ts as [|t ts IH]; intros [|a rest] H L; simpl in *; try discriminate; auto. apply both in H as [H1 H2]. split; [|apply IH; auto].
  destruct ts as [|t' ts], rest as [|a' rest]; simpl in *; try discriminate; auto. now apply qltb_R.
Qed.

Lemma read_activation_spec j h : Rd.read_activation j = Some h -> good_activation h.
Proof.
  unfold Rd.read_activation. intros H. crack H. inversion H; subst. unfold good_activation. cbn [E.bends]. rewrite tzip_zip.
  apply increasing_rising; auto. match goal with Q : (count _ =? count _)%Z = true |- _ => apply Z.eqb_eq in Q; rewrite !count_length in Q; lia end.
Qed.

Lemma read_loss_spec m j l name s : Rd.read_loss m j = Some (l, name, s) -> qltb 0 s = true.
Proof. unfold Rd.read_loss. intros H. crack H; inversion H; subst; auto. Qed.
Lemma read_pieces_spec m j l name s : Rd.read_pieces m j = Some (l, name, s) -> qltb 0 s = true.
Proof. unfold Rd.read_pieces. intros H. crack H; inversion H; subst; auto. Qed.

Lemma read_weights_spec {A} (rows : list A) given ws : Rd.read_weights rows given = Some ws -> length ws = length rows /\ forall w, In w ws -> 0 < Q2R w.
Proof.
  unfold Rd.read_weights. destruct given as [|j given]; intros H.
  - inversion H; subst. rewrite tmap_map, map_length. split; auto. intros w Hw. apply in_map_iff in Hw. destruct Hw as [a [<- _]]. rewrite Q2R_1. lra.
  - destruct (J.vector (count rows) j) as [v|] eqn:EV; [|discriminate]. destruct (all (qltb 0) v) eqn:EA; [|discriminate]. inversion H; subst.
    apply vector_length in EV. rewrite count_length in EV. split; [lia|]. intros w Hw. apply all_In with (a := w) in EA; auto. apply qltb_R in EA. rewrite Q2R_0 in EA. exact EA.
Qed.

Lemma in_zip {A B C} (f : A -> B -> C) u : forall v c, In c (zip f u v) -> exists a b, In a u /\ In b v /\ c = f a b.
Proof.
  induction u as [|a u IH]; intros [|b v] c H; simpl in H; try tauto. destruct H as [<-|H]; [exists a, b; simpl; auto|].
  destruct (IH _ _ H) as [a' [b' [P [Q E]]]]. exists a', b'. simpl. auto.
Qed.

Lemma last_of_nat d ms : ms <> [] -> Forall (fun w => 1 <= w)%Z ms -> last_nat (Z.to_nat d) (map Z.to_nat ms) = Z.to_nat (Rd.last_of d ms).
Proof.
  intros _. revert d. induction ms as [|m ms IH]; intros d H; auto. simpl. apply IH. now inversion H.
Qed.

Lemma read_problem_spec two j p name : Rd.read_problem two j = Some (p, name) ->
  good_problem p (inputs_of p) (widths_of p) /\ Forall (fun w => 1 <= w)%Z (E.widths p).
Proof.
  unfold Rd.read_problem. cbv zeta. intros H. destruct (J.fields _ j) as [[|ws [|bs [|a [|l [|d given]]]]]|]; try discriminate.
  destruct (J.items J.index ws) as [widths|]; [|discriminate]. destruct (J.items J.truth bs) as [biases|]; [|discriminate].
  destruct (Rd.read_activation a) as [h|] eqn:EA; [|discriminate]. destruct widths as [|inputs rest]; [discriminate|].
  destruct (all (Z.leb 1) (inputs :: rest)) eqn:EW; [|discriminate]. destruct (1 <=? count rest)%Z eqn:EC; [|discriminate].
  destruct (count biases =? count rest)%Z; [|discriminate]. match type of H with (match ?e with _ => _ end = _) => destruct e as [[[ell nm] s]|] eqn:EL; [|discriminate] end.
  destruct (Rd.read_data inputs _ d) as [rows|] eqn:ED; [|discriminate]. destruct (all _ rows) eqn:EB; [|discriminate].
  destruct (Rd.read_weights rows given) as [omegas|] eqn:EO; [|discriminate]. destruct (read_weights_spec _ _ _ EO) as [LO PO].
  inversion H; subst. clear H. cbn [E.widths].
  assert (HW : Forall (fun w => 1 <= w)%Z (inputs :: rest)). { apply Forall_forall. intros w Hw. apply all_In with (a := w) in EW; auto. now apply Z.leb_le. }
  split; auto. apply Z.leb_le in EC. rewrite count_length in EC.
  assert (NE : rest <> []) by (intros F; subst; simpl in EC; lia).
  assert (LN : last_nat (Z.to_nat inputs) (map Z.to_nat rest) = Z.to_nat (Rd.last_of 0 rest)).
  { rewrite last_of_nat; auto. 2: now inversion HW. destruct rest; [congruence|reflexivity]. }
  unfold Rd.read_data in ED. destruct (J.fields _ d) as [[|xs [|ys [|? ?]]]|]; try discriminate.
  destruct (J.items (J.vector inputs) xs) as [x|] eqn:EX; [|discriminate]. destruct (J.items (J.vector _) ys) as [y|] eqn:EY; [|discriminate].
  destruct (0 <? count x)%Z eqn:E0; [|discriminate]. destruct (count x =? count y)%Z eqn:EN; [|discriminate]. inversion ED; subst rows. clear ED.
  apply Z.ltb_lt in E0. apply Z.eqb_eq in EN. rewrite !count_length in *. rewrite tzip_zip in *.
  constructor; unfold inputs_of, widths_of; cbn [E.widths E.data E.loss_on E.activation_of E.scale].
  - eapply read_activation_spec; eauto.
  - intros F. apply map_eq_nil in F. auto.
  - destruct two; [eapply read_pieces_spec|eapply read_loss_spec]; eauto.
  - destruct x as [|x0 x]; [simpl in E0; lia|]. destruct y as [|y0 y]; [simpl in EN; lia|]. destruct omegas as [|w0 omegas]; [exfalso; rewrite ?tzip_zip in LO; simpl in LO; lia|]. rewrite ?tzip_zip; discriminate.
  - intros sm' Hs. rewrite LN. rewrite ?tzip_zip in Hs. apply in_zip in Hs. destruct Hs as [sm [w [Hs [Hw ->]]]]. cbn [Rd.sample_of E.inputs E.targets E.weight].
    pose proof (items_each (J.vector inputs) (fun v => Z.of_nat (length v) = inputs) xs x (fun j a => vector_length _ _ _) EX) as FX.
    pose proof (items_each (J.vector (Rd.last_of 0 rest)) (fun v => Z.of_nat (length v) = Rd.last_of 0 rest) ys y (fun j a => vector_length _ _ _) EY) as FY.
    rewrite Forall_forall in FX, FY.
    assert (IN : In (fst sm) x /\ In (snd sm) y).
    { clear - Hs. revert y Hs. induction x as [|a x IH]; intros [|b y] Hs; simpl in Hs; try tauto. destruct Hs as [<-|Hs]; simpl; auto. apply IH in Hs. tauto. }
    specialize (FX _ (proj1 IN)). specialize (FY _ (proj2 IN)). cbv beta in FX, FY. split; [lia|]. split; [lia|].
    rewrite tzip_zip in EB. apply all_In with (a := sm) in EB; auto. split; [now apply label_sound|auto].
Qed.

Theorem read_point_spec j s e : Rd.read_point j = Some (s, e) ->
  let p := Rd.problem_stated s in good_problem p (inputs_of p) (widths_of p) /\ Forall (fun w => 1 <= w)%Z (E.widths p) /\ of_shape p (Rd.parameters_stated s).
Proof.
  unfold Rd.read_point. intros H. destruct (J.fields _ j) as [[|f [|c [|pj [|tj [|e0 [|? ?]]]]]]|]; try discriminate.
  destruct (Rd.string_of f); [|discriminate]. destruct (Rd.format_2 _) as [two|]; [|discriminate].
  destruct (J.fields _ c) as [[|kj [|sj [|rj [|? ?]]]]|]; try discriminate.
  destruct (Rd.string_of kj); [|discriminate]. destruct (Rd.kind_of _); [|discriminate]. destruct (Rd.string_of sj); [|discriminate]. destruct (J.number rj); [|discriminate].
  destruct (Rd.read_problem two pj) as [[p name]|] eqn:EP; [|discriminate]. destruct (same _ _); [|discriminate].
  destruct (Rd.read_parameters p tj) as [ls|] eqn:ET; [|discriminate]. inversion H; subst. cbn [Rd.problem_stated Rd.parameters_stated].
  destruct (read_problem_spec _ _ _ _ EP) as [A B]. split; auto. split; auto. eapply read_parameters_spec; eauto.
Qed.

Theorem read_path_spec b j s e0 : Rd.read_path b j = Some (s, e0) ->
  let p := Rd.path_problem s in good_problem p (inputs_of p) (widths_of p) /\ Forall (of_shape p) (Rd.points_stated s).
Proof.
  unfold Rd.read_path. intros H. destruct (J.fields _ j) as [[|f [|c [|pj [|e [|? ?]]]]]|]; try discriminate.
  destruct (Rd.string_of f); [|discriminate]. destruct (Rd.format_2 _) as [two|]; [|discriminate].
  destruct (J.fields _ c) as [[|kj [|sj [|lj [|? ?]]]]|]; try discriminate. destruct (J.field _ e) as [points|]; [|discriminate].
  match type of H with (match ?c with true => _ | false => _ end) = _ => destruct c; [|discriminate] end. destruct (Rd.string_of sj); [|discriminate]. destruct (Rd.string_of lj); [|discriminate]. destruct (J.number lj) as [l|]; [|discriminate].
  destruct (Rd.read_problem two pj) as [[p name]|] eqn:EP; [|discriminate]. destruct (same _ _); [|discriminate].
  destruct (J.items _ points) as [ps|] eqn:ET; [|discriminate]. destruct (2 <=? count ps)%Z; [|discriminate]. inversion H; subst. cbn [Rd.path_problem Rd.points_stated].
  destruct (read_problem_spec _ _ _ _ EP) as [A B]. split; auto. eapply items_each; [|exact ET]. intros j0 a. now apply read_parameters_spec.
Qed.
