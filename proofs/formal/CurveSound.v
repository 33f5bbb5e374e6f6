(* The risk along a curve is what its power series says (proofs/curve.md); so a fall of the series is a fall of the risk. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound Series.
From Exactsurf Require Evaluate CheckCurve.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module C := CheckCurve.

Lemma close_eventually F G a : (exists K T, 0 <= K /\ 0 < T <= 1 /\ forall t, 0 < t < T -> Rabs (F t - G t) <= K * t ^ length a) -> close G a -> close F a.
Proof.
  intros [K [T [HK [HT H]]]] [K2 [T2 [HK2 [HT2 H2]]]]. exists (K + K2), (Rmin T T2). split; [lra|].
  split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
  intros t [Ht1 Ht2]. assert (A : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T2) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
  specialize (H t ltac:(lra)). specialize (H2 t ltac:(lra)). replace (F t - poly a t) with ((F t - G t) + (G t - poly a t)) by lra. eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

(* A function that is one of two near z, left and right of it, along a function that goes to z. *)
Lemma close_sides (f : R -> R) c r (F L Rt : R -> R) eta M : close f (c :: r) -> 0 < eta -> 0 <= M ->
  (forall v, Rabs (v - Q2R c) < eta -> F v = if Rle_dec v (Q2R c) then L v else Rt v) ->
  (forall v, Rabs (v - Q2R c) < eta -> Rabs (L v - Rt v) <= M * Rabs (v - Q2R c)) ->
  forall a, length a = length (c :: r) -> close (fun t => match C.lead_sign r with Lt => L (f t) | _ => Rt (f t) end) a -> close (fun t => F (f t)) a.
Proof.
  intros Hf He HM HF HLR a La. destruct (close_tends f c r Hf eta He) as [T1 [HT1 N1]]. pose proof (series_goes f c r Hf) as G.
  apply close_eventually. rewrite La. destruct (C.lead_sign r); simpl goes in G.
  - destruct G as [K [T [HK [HT G]]]]. exists (M * K), (Rmin T1 T). split; [now apply Rmult_le_pos|].
    split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
    intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
    specialize (N1 t ltac:(lra)). specialize (G t ltac:(lra)). rewrite (HF _ N1). specialize (HLR _ N1).
    assert (Q1 : M * Rabs (f t - Q2R c) <= M * K * t ^ length (c :: r)). { rewrite Rmult_assoc. now apply Rmult_le_compat_l. }
    assert (P : 0 <= M * Rabs (f t - Q2R c)) by (apply Rmult_le_pos; auto using Rabs_pos).
    destruct (Rle_dec (f t) (Q2R c)); [|unfold Rminus; rewrite Rplus_opp_r, Rabs_R0]; simpl in *; lra.
  - destruct G as [T [HT G]]. exists 0, (Rmin T1 T). split; [lra|].
    split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
    intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
    specialize (N1 t ltac:(lra)). specialize (G t ltac:(lra)). rewrite (HF _ N1). destruct (Rle_dec (f t) (Q2R c)); [|lra]. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - destruct G as [T [HT G]]. exists 0, (Rmin T1 T). split; [lra|].
    split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
    intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
    specialize (N1 t ltac:(lra)). specialize (G t ltac:(lra)). rewrite (HF _ N1). destruct (Rle_dec (f t) (Q2R c)); [lra|]. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
Qed.

(* ---- The activation ---- *)
Lemma close_line f c r v s : close f (c :: r) -> close (fun t => Q2R v + Q2R s * (f t - Q2R c)) (v :: C.sscale s r).
Proof.
  intros H. apply (close_combine _ (c :: r) (c :: r) _ f f (Rabs (Q2R s))); auto using Rabs_pos. { simpl. now rewrite sscale_length. }
  intros t _. cbn [poly]. rewrite poly_sscale. replace (Q2R v + Q2R s * (f t - Q2R c) - (Q2R v + t * (Q2R s * poly r t))) with (Q2R s * (f t - (Q2R c + t * poly r t))) by lra.
  rewrite Rabs_mult. apply Rmult_le_compat_l; [apply Rabs_pos|]. pose proof (Rabs_pos (f t - (Q2R c + t * poly r t))). lra.
Qed.

Lemma close_act h f a : good_activation h -> a <> [] -> close f a -> close (fun t => act (act_R h) (f t)) (C.sactivate (E.compile h) a) /\ length (C.sactivate (E.compile h) a) = length a.
Proof.
  intros HG Ha Hf. destruct a as [|c r]; [congruence|]. cbn [C.sactivate]. split; [|simpl; now rewrite sscale_length].
  assert (EC : Q2R c = real (Qden c) (Qnum c)) by (destruct c; apply Q2R_make).
  destruct (compile_sound h (Qnum c) (Qden c) HG) as [[eta [He P]] _]. rewrite <- EC in P.
  pose proof (value_on_R h (Qnum c) (Qden c) HG) as V. rewrite <- EC in V.
  unfold C.slope_towards. cbn [C.value_0 C.rest_of].
  set (p := E.place_of (E.compile h) (Qnum c) (Qden c)) in *. set (D := E.unit_of (E.compile h)) in *.
  set (aL := real D (fst (E.left_line p))) in *. set (aR := real D (fst (E.right_line p))) in *.
  assert (VV : Q2R (C.value_at (E.compile h) c) = act (act_R h) (Q2R c)) by (unfold C.value_at; fold D; fold p; rewrite Q2R_make; exact V).
  apply (close_sides f c r (act (act_R h)) (fun v => Q2R (C.value_at (E.compile h) c) + aL * (v - Q2R c)) (fun v => Q2R (C.value_at (E.compile h) c) + aR * (v - Q2R c)) eta (Rabs (aL - aR))); auto using Rabs_pos.
  - intros v Hv. replace v with (Q2R c + (v - Q2R c)) at 1 by lra. rewrite (P _ Hv), VV. destruct (Rle_dec v (Q2R c)).
    + rewrite Rabs_left1 by lra. lra. + rewrite Rabs_right by lra. lra.
  - intros v Hv. replace (Q2R (C.value_at (E.compile h) c) + aL * (v - Q2R c) - (Q2R (C.value_at (E.compile h) c) + aR * (v - Q2R c))) with ((aL - aR) * (v - Q2R c)) by lra. rewrite Rabs_mult. lra.
  - simpl. now rewrite sscale_length.
  - destruct (C.lead_sign r).
    + apply (close_ext (fun t => Q2R (C.value_at (E.compile h) c) + Q2R (Qmake (fst (E.right_line p)) D) * (f t - Q2R c))); [intros; now rewrite Q2R_make|]. now apply close_line.
    + apply (close_ext (fun t => Q2R (C.value_at (E.compile h) c) + Q2R (Qmake (fst (E.left_line p)) D) * (f t - Q2R c))); [intros; now rewrite Q2R_make|]. now apply close_line.
    + apply (close_ext (fun t => Q2R (C.value_at (E.compile h) c) + Q2R (Qmake (fst (E.right_line p)) D) * (f t - Q2R c))); [intros; now rewrite Q2R_make|]. now apply close_line.
Qed.

(* ---- The loss ---- *)
Lemma pieces_near u ks : forall t0 q, convex_from t0 (quadratic_R q) (map piece_R ks) ->
  let qL := quadratic_R (C.piece_towards q ks u Lt) in let qR := quadratic_R (C.piece_towards q ks u Gt) in
  C.piece_towards q ks u Eq = C.piece_towards q ks u Lt /\ value qL (Q2R u) = value qR (Q2R u) /\
  exists eta, 0 < eta /\ forall v, Rabs (v - Q2R u) < eta -> piecewise (quadratic_R q) (map piece_R ks) v = if Rle_dec v (Q2R u) then value qL v else value qR v.
Proof.
  induction ks as [|[t q'] ks IH]; intros t0 q H; cbn [C.piece_towards map].
  - split; auto. split; auto. exists 1. split; [lra|]. intros v _. simpl. destruct (Rle_dec v (Q2R u)); auto.
  - cbn [map convex_from piece_R fst snd] in H. destruct H as [_ [_ [V [_ H]]]].
    destruct (qltb u t) eqn:L; [|destruct (qeqb u t) eqn:E].
    + apply qltb_R in L. split; auto. split; auto. exists (Q2R t - Q2R u). split; [lra|]. intros v Hv. apply Rabs_def2 in Hv. cbn [piecewise piece_R fst snd].
      destruct (Rle_dec v (Q2R t)); [|lra]. destruct (Rle_dec v (Q2R u)); auto.
    + apply qeqb_R in E. split; auto. split; [rewrite E; exact V|].
      set (eta := match map piece_R ks with [] => 1 | (t2, _) :: _ => t2 - Q2R t end).
      assert (He : 0 < eta). { unfold eta. destruct (map piece_R ks) as [|[t2 q2] r]; [lra|]. cbn [convex_from] in H. destruct H as [_ [L2 _]]. lra. }
      exists eta. split; auto. intros v Hv. rewrite E in *. cbn [piecewise piece_R fst snd]. destruct (Rle_dec v (Q2R t)); auto.
      unfold eta in Hv. destruct (map piece_R ks) as [|[t2 q2] r]; auto. cbn [piecewise]. apply Rabs_def2 in Hv. destruct (Rle_dec v t2); auto. lra.
    + apply qltb_false in L. assert (NE : Q2R u <> Q2R t) by (intros F; apply qeqb_R in F; congruence).
      destruct (IH _ _ H) as [A [B [eta [He P]]]]. split; auto. split; auto. exists (Rmin eta (Q2R u - Q2R t)). split; [apply Rmin_glb_lt; lra|].
      intros v Hv. assert (H1 : Rabs (v - Q2R u) < eta) by (eapply Rlt_le_trans; [exact Hv|apply Rmin_l]). assert (H2 : Rabs (v - Q2R u) < Q2R u - Q2R t) by (eapply Rlt_le_trans; [exact Hv|apply Rmin_r]).
      apply Rabs_def2 in H2. cbn [piecewise piece_R fst snd]. destruct (Rle_dec v (Q2R t)); [lra|]. now apply P.
Qed.

Section Curve.
Variable zero : C.series.
Hypothesis Z1 : zero <> [].
Hypothesis Z0 : forall c, In c zero -> Q2R c = 0.
Let m := length zero.

Lemma poly_zero t : poly zero t = 0.
Proof. clear Z1 m. revert Z0. induction zero as [|c z IH]; intros H; simpl; auto. rewrite IH by (intros; apply H; simpl; auto). rewrite (H c) by (simpl; auto). lra. Qed.
Lemma close_zero : close (fun _ => 0) zero.
Proof. apply (close_ext (poly zero)); [apply poly_zero|apply close_poly]. Qed.

(* close, and of the length of zero *)
Definition good (f : R -> R) (a : C.series) : Prop := close f a /\ length a = m.
Lemma good_ext f g a : (forall t, f t = g t) -> good f a -> good g a.
Proof. intros E [A B]. split; auto. eapply close_ext; eauto. Qed.
Lemma good_zero : good (fun _ => 0) zero. Proof. split; auto. apply close_zero. Qed.
Lemma good_const c : good (fun _ => Q2R c) (C.constant_series zero c).
Proof. split; [now apply close_constant|apply constant_length]. Qed.
Lemma good_add f g a b : good f a -> good g b -> good (fun t => f t + g t) (C.sadd a b).
Proof. intros [A1 A2] [B1 B2]. split; [apply close_add; congruence|rewrite sadd_length; congruence]. Qed.
Lemma good_scale c f a : good f a -> good (fun t => Q2R c * f t) (C.sscale c a).
Proof. intros [A B]. split; [now apply close_scale|now rewrite sscale_length]. Qed.
Lemma good_mul f g a b : good f a -> good g b -> good (fun t => f t * g t) (C.smul a b).
Proof. intros [A1 A2] [B1 B2]. split; [apply close_mul; congruence|now rewrite smul_length]. Qed.
Lemma good_nonempty f a : good f a -> a <> [].
Proof. intros [_ L] ->. apply Z1. unfold m in L. destruct zero; auto. discriminate. Qed.

Lemma good_value q f a : good f a -> good (fun t => value (quadratic_R q) (f t)) (C.svalue zero q a).
Proof.
  intros H. destruct q as [[c0 c1] c2]. unfold C.svalue, quadratic_R, value.
  apply (good_ext (fun t => Q2R c0 + f t * (Q2R c1 + Q2R c2 * f t))); [intros; lra|].
  apply good_add; [apply good_const|]. apply good_mul; auto. apply good_add; [apply good_const|now apply good_scale].
Qed.

Lemma good_loss l f a : E.convex l = true -> good f a -> good (fun t => ell (loss_R l) (f t)) (C.sloss zero l a).
Proof.
  intros HV H. pose proof (good_nonempty _ _ H) as NE. destruct a as [|c r]; [congruence|]. unfold C.sloss. cbn [C.value_0 C.rest_of].
  pose proof (convex_sound l HV) as HC. unfold convex in HC. cbn [loss_R first_piece more_pieces] in HC.
  destruct (pieces_near c (E.more_pieces l) None (E.first_piece l) HC) as [EQ [VC [eta [He P]]]].
  set (qL := C.piece_towards _ _ c Lt) in *. set (qR := C.piece_towards _ _ c Gt) in *.
  assert (SEL : C.piece_towards (E.first_piece l) (E.more_pieces l) c (C.lead_sign r) = match C.lead_sign r with Gt => qR | _ => qL end) by (destruct (C.lead_sign r); auto).
  rewrite SEL. split; [|apply (good_value _ f _ H)].
  (* the two pieces differ by a multiple of the distance from c *)
  assert (LIP : exists M, 0 <= M /\ forall v, Rabs (v - Q2R c) < Rmin eta 1 -> Rabs (value (quadratic_R qL) v - value (quadratic_R qR) v) <= M * Rabs (v - Q2R c)).
  { destruct (quadratic_R qL) as [[a0 a1] a2], (quadratic_R qR) as [[b0 b1] b2]. simpl in VC.
    exists (Rabs (a1 - b1) + Rabs (a2 - b2) * (2 * Rabs (Q2R c) + 1)).
    split. { pose proof (Rabs_pos (a1 - b1)). pose proof (Rabs_pos (a2 - b2)). pose proof (Rabs_pos (Q2R c)). assert (0 <= Rabs (a2 - b2) * (2 * Rabs (Q2R c) + 1)) by (apply Rmult_le_pos; lra). lra. }
    intros v Hv. assert (H1 : Rabs (v - Q2R c) < 1) by (eapply Rlt_le_trans; [exact Hv|apply Rmin_r]). simpl.
    replace (a0 + a1 * v + a2 * v * v - (b0 + b1 * v + b2 * v * v)) with (((a1 - b1) + (a2 - b2) * (v + Q2R c)) * (v - Q2R c)) by lra.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l. rewrite Rabs_mult. apply Rmult_le_compat_l; [apply Rabs_pos|].
    replace (v + Q2R c) with ((v - Q2R c) + 2 * Q2R c) by lra. eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, (Rabs_right 2) by lra. lra. }
  destruct LIP as [M [HM LIP]]. destruct H as [H L].
  (* on the side Eq the left piece is taken, so sides are swapped there *)
  assert (LS : length (C.svalue zero (match C.lead_sign r with Gt => qR | _ => qL end) (c :: r)) = length (c :: r)) by (rewrite L; apply (good_value _ f _ (conj H L))).
  assert (HG : close (fun t => value (quadratic_R (match C.lead_sign r with Gt => qR | _ => qL end)) (f t)) (C.svalue zero (match C.lead_sign r with Gt => qR | _ => qL end) (c :: r))) by apply (good_value _ f _ (conj H L)).
  apply (close_sides f c r (ell (loss_R l)) (value (quadratic_R qL)) (value (quadratic_R qR)) (Rmin eta 1) M); auto.
  - apply Rmin_glb_lt; lra.
  - intros v Hv. apply P. eapply Rlt_le_trans; [exact Hv|apply Rmin_l].
  - destruct (C.lead_sign r) eqn:SG; auto.
    (* f stays at c up to t^m: either piece *)
    apply close_eventually with (G := fun t => value (quadratic_R qL) (f t)); auto.
    pose proof (series_goes f c r H) as G. rewrite SG in G. destruct G as [K [T [HK [HT G]]]].
    destruct (close_tends f c r H (Rmin eta 1) ltac:(apply Rmin_glb_lt; lra)) as [T1 [HT1 N1]].
    exists (M * K), (Rmin T1 T). split; [now apply Rmult_le_pos|]. split. { split; [apply Rmin_glb_lt; lra|eapply Rle_trans; [apply Rmin_l|lra]]. }
    intros t [Ht1 Ht2]. assert (A : t < T1) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_l]). assert (B : t < T) by (eapply Rlt_le_trans; [exact Ht2|apply Rmin_r]).
    specialize (N1 t ltac:(lra)). specialize (G t ltac:(lra)). specialize (LIP _ N1). rewrite Rabs_minus_sym, LS. eapply Rle_trans; [exact LIP|]. rewrite Rmult_assoc. now apply Rmult_le_compat_l.
Qed.

(* ---- The network ---- *)
Definition goods (v : R -> list R) (ss : list C.series) : Prop := exists fs, (forall t, v t = map (fun f => f t) fs) /\ Forall2 good fs ss.

Definition entry_at (t : R) (a : list Q) : R := poly a t.
Definition layer_at (l : C.slayer) (t : R) : layer := Layer (map (map (entry_at t)) (C.sweights l)) (option_map (map (entry_at t)) (C.sbias l)).
Definition layers_at (ls : list C.slayer) (t : R) : list layer := map (fun l => layer_at l t) ls.

Lemma good_entry a : good (fun t => entry_at t a) (C.fit_series zero a).
Proof.
  unfold good, m, entry_at. clear Z1 m. revert a Z0. induction zero as [|z zs IH]; intros a H; simpl.
  - split; auto. exact (close_cut [] a).
  - destruct a as [|c a].
    + split; auto. apply (close_ext (poly (z :: zs))); [|apply close_poly]. intros t. simpl. rewrite (H z) by (simpl; auto).
      assert (Zt : poly zs t = 0). { assert (H' : forall c, In c zs -> Q2R c = 0) by (intros; apply H; simpl; auto). clear - H'. induction zs as [|c z IH]; simpl; auto. rewrite IH by (intros; apply H'; simpl; auto). rewrite (H' c) by (simpl; auto). lra. }
      rewrite Zt. lra.
    + destruct (IH a) as [A B]. { intros; apply H; simpl; auto. } split; [now apply close_cons|simpl; now rewrite B].
Qed.

Lemma goods_entries row : goods (fun t => map (entry_at t) row) (map (C.fit_series zero) row).
Proof. exists (map (fun a t => entry_at t a) row). split; [intros; now rewrite map_map|]. induction row; simpl; constructor; auto. apply good_entry. Qed.

Lemma good_dot v w ss ts : goods v ss -> goods w ts -> good (fun t => dot (v t) (w t)) (C.sdot zero ss ts).
Proof.
  intros [fs [Ev Hf]] [gs [Ew Hg]]. unfold C.sdot. rewrite tzip_zip.
  assert (G : forall fs ss, Forall2 good fs ss -> forall gs ts acc g0, Forall2 good gs ts -> good g0 acc ->
     good (fun t => g0 t + dot (map (fun f => f t) fs) (map (fun f => f t) gs)) (fold C.sadd acc (zip C.smul ss ts))).
  { clear. induction 1 as [|f s fs ss Hf _ IH]; intros gs ts acc g0 Hg H0.
    - simpl. apply (good_ext g0); [intros; lra|auto].
    - inversion Hg as [|g u gs' us Hg1 Hg2]; subst; simpl. { apply (good_ext g0); [intros; lra|auto]. }
      apply (good_ext (fun t => (g0 t + f t * g t) + dot (map (fun f => f t) fs) (map (fun f => f t) gs'))); [intros; lra|].
      apply IH; auto. apply good_add; auto. now apply good_mul. }
  apply (good_ext (fun t => 0 + dot (map (fun f => f t) fs) (map (fun f => f t) gs))); [intros; rewrite Ev, Ew; lra|]. apply G; auto. apply good_zero.
Qed.

Definition sbiased (l : C.slayer) : Prop := match C.sbias l with None => True | Some b => length b = length (C.sweights l) end.

Lemma goods_affine l v ss : sbiased l -> goods v ss -> goods (fun t => affine (layer_at l t) (v t)) (C.saffine zero (C.fit_layer zero l) ss).
Proof.
  intros HB Hv. unfold sbiased in HB. unfold C.saffine, affine. cbn [C.fit_layer C.sweights C.sbias layer_at weights bias]. rewrite !tmap_map, map_map.
  assert (G : goods (fun t => map (fun w => dot w (v t)) (map (map (entry_at t)) (C.sweights l))) (map (fun w => C.sdot zero (tmap (C.fit_series zero) w) ss) (C.sweights l))).
  { exists (map (fun row t => dot (map (entry_at t) row) (v t)) (C.sweights l)). split.
    - intros t. now rewrite !map_map.
    - clear HB. induction (C.sweights l) as [|row W IH]; simpl; constructor; auto. rewrite tmap_map. apply good_dot; auto. apply goods_entries. }
  revert HB. destruct (C.sbias l) as [b|]; intros HB; cbn [option_map]; auto. rewrite tmap_map, tzip_zip. destruct G as [fs [E1 H1]]. destruct (goods_entries b) as [gs [E2 H2]].
  assert (K : forall fs ss, Forall2 good fs ss -> forall gs ts, Forall2 good gs ts -> (length gs <= length fs)%nat \/ True ->
     exists hs, (forall t, add_bias (map (fun f => f t) gs) (map (fun f => f t) fs) = map (fun f => f t) hs) /\ Forall2 good hs (zip C.sadd ss ts) \/ length gs <> length fs).
  { clear. induction 1 as [|f s fs ss Hf _ IH]; intros gs ts Hg _; inversion Hg as [|g u gs' us Hg1 Hg2]; subst.
    - exists []. left. split; [reflexivity|constructor]. - exists []. right. simpl. lia. - exists []. right. simpl. lia.
    - destruct (IH gs' us Hg2 (or_intror I)) as [hs [[E H]|N]].
      + exists ((fun t => f t + g t) :: hs). left. split; [intros t; simpl; now rewrite E|]. constructor; auto. now apply good_add.
      + exists []. right. simpl. lia. }
  destruct (K _ _ H1 _ _ H2 (or_intror I)) as [hs [[E H]|N]].
  - exists hs. split; auto. intros t. rewrite E1, E2. apply E.
  - exfalso. apply N. apply Forall2_len in H1. apply Forall2_len in H2. rewrite map_length in H1, H2. rewrite H1, H2. exact HB.
Qed.

Lemma goods_act h v ss : good_activation h -> goods v ss -> goods (fun t => map (act (act_R h)) (v t)) (map (C.sactivate (E.compile h)) ss).
Proof.
  intros HG [fs [E H]]. exists (map (fun f t => act (act_R h) (f t)) fs). split.
  - intros t. now rewrite E, !map_map.
  - clear E. induction H as [|f a fs ss Hf _ IH]; simpl; constructor; auto. pose proof (good_nonempty _ _ Hf) as NE. destruct Hf as [A B].
    destruct (close_act h f a HG NE A) as [C1 C2]. split; auto. congruence.
Qed.

Lemma goods_forward h : good_activation h -> forall ls v ss, Forall sbiased ls -> goods v ss ->
  goods (fun t => predict (act_R h) (layers_at ls t) (v t)) (C.sforward (E.compile h) zero (map (C.fit_layer zero) ls) ss).
Proof.
  intros HG. induction ls as [|l ls IH]; intros v ss HB Hv; [exact Hv|]. inversion HB as [|? ? B1 B2]; subst.
  pose proof (goods_affine l v ss B1 Hv) as A. destruct ls as [|l' ls]; [exact A|].
  cbn [map layers_at C.sforward]. fold (C.sforward (E.compile h)). rewrite tmap_map.
  apply (IH (fun t => map (act (act_R h)) (affine (layer_at l t) (v t)))); auto. now apply goods_act.
Qed.

(* ---- The risk ---- *)
Lemma goods_constants x : goods (fun _ => reals x) (map (C.constant_series zero) x).
Proof. exists (map (fun c _ => Q2R c) x). split; [intros; unfold reals; now rewrite map_map|]. induction x; simpl; constructor; auto. apply good_const. Qed.

Lemma good_terms l rf rs : E.convex l = true -> good rf rs -> forall fs ss, Forall2 good fs ss -> forall y acc g, good g acc ->
  good (fun t => g t + terms (loss_R l) (rf t) (map (fun f => f t) fs) (reals y)) (fold (C.sterm zero l rs) acc (zip pair ss y)).
Proof.
  intros HV Hr. induction 1 as [|f s fs ss Hf _ IH]; intros y acc g Hg; simpl. { apply (good_ext g); [intros; lra|auto]. }
  destruct y as [|b y]; simpl. { apply (good_ext g); [intros; lra|auto]. }
  apply (good_ext (fun t => (g t + term (loss_R l) (rf t) (f t) (Q2R b)) + terms (loss_R l) (rf t) (map (fun f => f t) fs) (reals y))); [intros; unfold reals; lra|].
  apply IH. unfold C.sterm, C.sgap, term. cbn [fst snd gap_of loss_R].
  destruct (E.gap_of l).
  - apply good_add; auto. apply (good_loss l (fun t => f t - Q2R b)); auto. apply (good_ext (fun t => f t + Q2R (qopp b))); [intros; rewrite qopp_R; lra|]. apply good_add; auto. apply good_const.
  - apply good_add; auto. apply (good_loss l (fun t => Q2R b * f t)); auto. now apply good_scale.
  - destruct (qeqb b 1) eqn:EB.
    + apply qeqb_R in EB. rewrite Q2R_1 in EB. rewrite EB. destruct (Req_EM_T 1 1); [|congruence]. apply (good_ext g); [intros; lra|auto].
    + assert (NB : Q2R b <> 1). { intros F. rewrite <- Q2R_1 in F. apply qeqb_R in F. congruence. } destruct (Req_EM_T (Q2R b) 1); [congruence|].
      apply good_add; auto. apply (good_loss l (fun t => f t - rf t)); auto.
      apply (good_ext (fun t => f t + Q2R (-1 # 1) * rf t)). { intros. unfold Q2R. simpl. lra. }
      apply good_add; auto. now apply good_scale.
Qed.

Lemma good_right fs ss : Forall2 good fs ss -> forall y acc g, good g acc ->
  good (fun t => g t + dot (map (fun f => f t) fs) (reals y)) (fold C.sadd acc (zip (fun a b => C.sscale b a) ss y)).
Proof.
  induction 1 as [|f s fs ss Hf _ IH]; intros y acc g Hg; simpl. { apply (good_ext g); [intros; lra|auto]. }
  destruct y as [|b y]; simpl. { apply (good_ext g); [intros; lra|auto]. }
  apply (good_ext (fun t => (g t + Q2R b * f t) + dot (map (fun f => f t) fs) (reals y))); [intros; unfold reals; lra|]. apply IH. apply good_add; auto. now apply good_scale.
Qed.

Theorem good_risk p ls : good_activation (E.activation_of p) -> E.convex (E.loss_on p) = true -> Forall sbiased ls ->
  good (fun t => risk (problem_R p) (layers_at ls t)) (C.srisk (E.compile (E.activation_of p)) zero p (map (C.fit_layer zero) ls)).
Proof.
  intros HG HV HB. unfold C.srisk, risk. cbn [problem_R scale data]. apply good_scale.
  assert (G : forall d acc g, good g acc -> good (fun t => g t + total (problem_R p) (layers_at ls t) (map sample_R d))
     (fold (C.ssample (E.compile (E.activation_of p)) zero p (map (C.fit_layer zero) ls)) acc d)).
  { induction d as [|[x y w] d IH]; intros acc g Hg; simpl. { apply (good_ext g); [intros; lra|auto]. }
    apply (good_ext (fun t => (g t + Q2R w * loss_of (loss_R (E.loss_on p)) (predict (act_R (E.activation_of p)) (layers_at ls t) (reals x)) (reals y)) + total (problem_R p) (layers_at ls t) (map sample_R d))); [intros; lra|].
    apply IH. unfold C.ssample. cbn [E.inputs E.targets E.weight]. apply good_add; auto. apply good_scale. rewrite tmap_map, !tzip_zip.
    destruct (goods_forward _ HG ls _ _ HB (goods_constants x)) as [fs [E H]].
    set (ss := C.sforward _ _ _ _) in *.
    apply (good_ext (fun t => 0 + terms (loss_R (E.loss_on p)) (dot (map (fun f => f t) fs) (reals y)) (map (fun f => f t) fs) (reals y))).
    { intros t. unfold loss_of. rewrite E. lra. }
    apply (good_terms (E.loss_on p) (fun t => dot (map (fun f => f t) fs) (reals y))); auto using good_zero.
    apply (good_ext (fun t => 0 + dot (map (fun f => f t) fs) (reals y))); [intros; lra|]. apply good_right; auto. apply good_zero. }
  apply (good_ext (fun t => 0 + total (problem_R p) (layers_at ls t) (map sample_R (E.data p)))); [intros; lra|]. apply G. apply good_zero.
Qed.
End Curve.

(* ---- A series that falls ---- *)
Lemma first_fall_spec l c : C.first_fall l = Some c -> Q2R c < 0 /\ (1 <= length l)%nat /\ forall t, poly l t = Q2R c * t ^ (length l - 1).
Proof.
  induction l as [|a l IH]; cbn [C.first_fall]; [discriminate|]. destruct l as [|b l].
  - destruct (Z.ltb_spec (Qnum a) 0) as [L|L]; [|discriminate]. intros H. inversion H; subst. split; [|split; [simpl; lia|intros; simpl; lra]].
    destruct c as [n d]. simpl in L. rewrite Q2R_make, <- (real_0 d). apply compare_real. nia.
  - destruct (Z.eqb_spec (Qnum a) 0) as [E|E]; [|discriminate]. intros H. destruct (IH H) as [A [B D]]. split; auto. split; [simpl; lia|].
    intros t. cbn [poly]. change (Q2R b + t * poly l t) with (poly (b :: l) t). rewrite D. destruct a as [n d]. simpl in E. subst n. rewrite Q2R_make, real_0.
    replace (length (Qmake 0 d :: b :: l) - 1)%nat with (S (length (b :: l) - 1)) by (simpl; lia). simpl pow. lra.
Qed.
