(* The local form of a unit is what its sum does near the weights (proofs/unitwise.md, lemma 2). *)
From Coq Require Import ZArith QArith Qreals Reals List Permutation Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Cones Numbers NumbersSound ForwardSound RiskSound UnitwiseSound.
From Exactsurf Require Evaluate CheckUnitwise.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.

Definition psum (ps : U.named U.plane) (d : list R) : R :=
  sum ps (fun np => IZR (U.curvature (snd np)) * Rabs (dot (ints (U.normal (snd np))) d)).
Definition good_normals (n : nat) (ps : U.named U.plane) : Prop :=
  forall np, In np ps -> length (U.normal (snd np)) = n /\ ~ Forall (fun x => x = 0) (ints (U.normal (snd np))).

Lemma psum_app u v d : psum (u ++ v) d = psum u d + psum v d.
Proof. apply sum_app. Qed.

Lemma psum_rev u d : psum (rev u) d = psum u d.
Proof. induction u as [|p u IH]; simpl; auto. rewrite psum_app, IH. unfold psum. simpl. lra. Qed.

Lemma add_plane_spec n name v k : length v = n -> ~ Forall (fun x => x = 0) (ints v) -> forall ps passed,
  good_normals n (passed ++ ps) -> NoDup (map fst (passed ++ ps)) -> ~ In name (map fst (passed ++ ps)) ->
  let q := U.add_plane name v k ps passed in
  good_normals n q /\ NoDup (map fst q) /\ (forall c, In c (map fst q) -> c = name \/ In c (map fst (passed ++ ps)))
  /\ forall d, psum q d = IZR k * Rabs (dot (ints v) d) + psum (passed ++ ps) d.
Proof.
  intros Lv Nv. induction ps as [|[c p] ps IH]; intros passed HG HN Hn; cbn [U.add_plane].
  - rewrite app_nil_r in *. split; [|split; [|split]].
    + intros np [<-|H]; [cbn [snd U.normal]; split; auto|now apply HG].
    + constructor; auto. + intros c' [E|E]; auto. + intros d. unfold psum. simpl. lra.
  - destruct (same v (U.normal p)) eqn:S.
    + apply same_spec in S. rewrite rev_onto_spec. set (q := U.Plane (U.normal p) (U.curvature p + k)).
      assert (EN : map fst (rev passed ++ (c, q) :: ps) = rev (map fst passed) ++ c :: map fst ps) by (rewrite map_app, map_rev; reflexivity).
      assert (EN2 : map fst (passed ++ (c, p) :: ps) = map fst passed ++ c :: map fst ps) by (rewrite map_app; reflexivity).
      split; [|split; [|split]].
      * intros np Hin. apply in_app_iff in Hin. destruct Hin as [Hin|[<-|Hin]].
        -- apply HG. apply in_app_iff. left. now apply in_rev. -- cbn [snd U.normal q]. rewrite <- S. split; auto. -- apply HG. apply in_app_iff. right. now right.
      * rewrite EN. rewrite EN2 in HN. apply (Permutation_NoDup (l := map fst passed ++ c :: map fst ps)); auto. apply Permutation_app_tail, Permutation_rev.
      * intros c' Hc. right. rewrite EN in Hc. rewrite EN2. apply in_app_iff in Hc. apply in_app_iff. destruct Hc as [Hc|Hc]; auto. left. now apply in_rev.
      * intros d. rewrite !psum_app, psum_rev. unfold psum. cbn [sum snd U.curvature U.normal q]. rewrite plus_IZR, S. lra.
    + assert (EP : forall (l : U.named U.plane), ((c, p) :: passed) ++ l = (c, p) :: passed ++ l) by reflexivity.
      assert (PM : Permutation (passed ++ (c, p) :: ps) (((c, p) :: passed) ++ ps)) by (apply Permutation_sym, Permutation_middle).
      destruct (IH ((c, p) :: passed)) as [A [B [C D]]].
      * intros np Hin. apply HG. eapply Permutation_in; [apply Permutation_sym, PM|exact Hin].
      * eapply Permutation_NoDup; [apply Permutation_map, PM|exact HN].
      * intros F. apply Hn. eapply Permutation_in; [apply Permutation_sym, (Permutation_map fst), PM|exact F].
      * split; auto. split; auto. split.
        -- intros c' Hc. destruct (C c' Hc) as [E|E]; auto. right. eapply Permutation_in; [apply Permutation_sym, (Permutation_map fst), PM|exact E].
        -- intros d. rewrite D. f_equal. rewrite !psum_app. unfold psum. cbn [sum app snd]. lra.
Qed.

Lemma gather_planes_spec n : forall samples i ps found, (forall s, In s samples -> length (fst s) = n /\ (E.at_break (snd (snd s)) = false -> E.left_line (snd (snd s)) = E.right_line (snd (snd s)))) ->
  good_normals n ps -> NoDup (map fst ps) -> (forall c, In c (map fst ps) -> (c < i)%Z) -> U.gather_planes i samples ps = Some found ->
  good_normals n found /\ NoDup (map fst found)
  /\ forall d, psum found d = psum ps d + sum samples (fun s => IZR (U.bend_of (fst (snd s)) (snd (snd s))) * Rabs (dot (ints (fst s)) d)).
Proof.
  induction samples as [|[x [r p]] samples IH]; intros i ps found HS HG HN HI H; cbn [U.gather_planes] in H.
  - inversion H; subst. split; auto. split; auto. intros d. simpl. lra.
  - assert (HS' : forall s, In s samples -> length (fst s) = n /\ (E.at_break (snd (snd s)) = false -> E.left_line (snd (snd s)) = E.right_line (snd (snd s)))) by (intros; apply HS; simpl; auto).
    destruct (HS _ (or_introl eq_refl)) as [Lx Bx]. cbn [fst snd] in Lx, Bx.
    destruct (E.at_break p &&& negb (is_zero x)) eqn:AB.
    + apply both in AB as [_ NZ]. apply negb_true_iff in NZ. set (g := U.divisor x) in *. set (v := tmap (fun a => (a / g)%Z) x) in *.
      destruct (same (tmap (Z.mul g) v) x) eqn:SM; [|discriminate]. apply same_spec in SM. rewrite tmap_map in SM.
      assert (Lv : length v = n) by (unfold v; rewrite tmap_map, map_length; auto).
      assert (DX : forall d, dot (ints x) d = IZR g * dot (ints v) d).
      { intros d. rewrite <- SM. unfold ints. rewrite map_map, <- dot_scal, map_map. f_equal. apply map_ext. intros. apply mult_IZR. }
      assert (Nv : ~ Forall (fun x => x = 0) (ints v)).
      { intros F. assert (Z : is_zero x = true); [|congruence]. unfold is_zero. rewrite all_forallb. apply forallb_forall. intros a Ha. apply Z.eqb_eq. rewrite <- SM in Ha. apply in_map_iff in Ha. destruct Ha as [b [<- Hb]].
        rewrite Forall_forall in F. assert (IZR b = 0) by (apply F; unfold ints; now apply in_map). apply eq_IZR in H0. lia. }
      assert (Hni : ~ In i (map fst ps)) by (intros F; apply HI in F; lia).
      destruct (add_plane_spec n i v (U.bend_of r p * Z.abs g) Lv Nv ps [] HG HN Hni) as [A [B [C D]]].
      assert (HC : forall c, In c (map fst (U.add_plane i v (U.bend_of r p * Z.abs g) ps [])) -> (c < i + 1)%Z).
      { intros c Hc. destruct (C c Hc) as [E|E]; [lia|]. apply HI in E. lia. }
      destruct (IH _ _ _ HS' A B HC H) as [A2 [B2 D2]].
      split; auto. split; auto. intros d. rewrite D2, D. cbn [sum fst snd app]. rewrite DX, Rabs_mult, mult_IZR, abs_IZR. lra.
    + assert (HC : forall c, In c (map fst ps) -> (c < i + 1)%Z) by (intros c Hc; apply HI in Hc; lia).
      destruct (IH _ _ _ HS' HG HN HC H) as [A2 [B2 D2]].
      split; auto. split; auto. intros d. rewrite D2. cbn [sum fst snd].
      assert (Z0 : IZR (U.bend_of r p) * Rabs (dot (ints x) d) = 0); [|lra].
      destruct (E.at_break p) eqn:AP.
      * apply negb_false_iff in AB. pose proof (is_zero_spec _ AB) as Z.
        assert (DZ : dot (ints x) d = 0). { clear - Z. revert d Z. induction x as [|a x IH]; intros [|b d] Z; simpl; auto. rewrite (Z a) by (simpl; auto). rewrite IH by (intros; apply Z; simpl; auto). lra. }
        rewrite DZ, Rabs_R0. lra.
      * unfold U.bend_of. rewrite (Bx eq_refl). replace (r * (fst (E.right_line p) - fst (E.right_line p)))%Z with 0%Z by lia. lra.
Qed.

Lemma locate_no_break lines : forall ln z d, E.at_break (E.locate ln lines z d) = false -> E.left_line (E.locate ln lines z d) = E.right_line (E.locate ln lines z d).
Proof.
  induction lines as [|[t next] lines IH]; intros ln z d H; cbn [E.locate] in *; auto.
  destruct (_ <? _)%Z; auto. destruct (_ =? _)%Z; auto. discriminate.
Qed.

Section Unit.
Context {A : Type} (T : list A) (h : E.activation) (row : A -> list Z) (rz : A -> Z) (ds : list positive) (factor : Q).
Hypothesis HT : T <> [].
Hypothesis HG : good_activation h.
Let n := length ds.
Hypothesis HR : forall s, In s T -> length (row s) = n.
Hypothesis HF : 0 < Q2R factor.
Notation hz := (E.compile h).
Let D := E.unit_of hz.
Let u := U.unitwise_of hz (map row T, ds) (map rz T) factor.
Definition xt (s : A) : list R := row_reals ds (row s).
Definition rr (s : A) : R := Q2R factor * IZR (rz s).
Definition phi (w : list R) : R := sum T (fun s => rr s * act (act_R h) (dot w (xt s))).

Variable w : list Q.
Hypothesis Hw : length w = n.
Let unit := E.make_unit ds w 0.
Let z (s : A) : Z := zdot (E.constant unit) (E.factors unit) (row s).
Let place (s : A) : E.place := E.place_of hz (z s) (E.denominator unit).

Lemma z_R s : real (E.denominator unit) (z s) = dot (reals w) (xt s).
Proof. unfold z, unit. rewrite make_unit_R, Q2R_0. unfold xt. lra. Qed.

Lemma half_R : Q2R (U.half u) = Q2R factor / (2 * IZR (Zpos D)).
Proof.
  unfold u, U.unitwise_of. cbn [U.half]. fold D. destruct factor as [a b]. cbn [Qnum Qden]. rewrite !Q2R_make. unfold real.
  rewrite !Pos2Z.inj_mul, !mult_IZR. field. auto.
Qed.

Definition slope_sum (s : A) : R := (real D (fst (E.left_line (place s))) + real D (fst (E.right_line (place s)))) / 2.
Definition slope_gap (s : A) : R := (real D (fst (E.right_line (place s))) - real D (fst (E.left_line (place s)))) / 2.

Lemma gradient_R sg d : length d = n ->
  dot (reals (tzip (fun col p => Qmake (zdot 0 (tzip (fun r p => sg * (r * (fst (E.left_line p) + fst (E.right_line p))))%Z (U.rs u) (map place T)) col * Qnum (U.half u)) (Qden (U.half u) * p)) (U.columns u) (U.dens u))) d
  = sum T (fun s => IZR sg * (rr s * slope_sum s) * dot (xt s) d)
  /\ length (tzip (fun col p => Qmake (zdot 0 (tzip (fun r p => sg * (r * (fst (E.left_line p) + fst (E.right_line p))))%Z (U.rs u) (map place T)) col * Qnum (U.half u)) (Qden (U.half u) * p)) (U.columns u) (U.dens u)) = n.
Proof.
  intros Hd. set (k := fun s => (sg * (rz s * (fst (E.left_line (place s)) + fst (E.right_line (place s)))))%Z).
  assert (ES : tzip (fun r p => sg * (r * (fst (E.left_line p) + fst (E.right_line p))))%Z (U.rs u) (map place T) = map k T).
  { rewrite tzip_zip. unfold u, U.unitwise_of. cbn [U.rs]. now rewrite zip_map. }
  rewrite ES. clear ES. rewrite tzip_zip.
  assert (EC : U.columns u = transpose (map row T)) by reflexivity. assert (EDn : U.dens u = ds) by reflexivity. rewrite EC, EDn.
  destruct (transpose_nth 0%Z row n T HT HR) as [LC NC].
  set (G := zip _ _ _). assert (LG : length G = n) by (unfold G; rewrite zip_length; auto).
  split; auto.
  rewrite (dot_nth n) by (unfold reals; rewrite map_length; lia).
  assert (NG : forall p, (p < n)%nat -> nth p (reals G) 0 = sum T (fun s => IZR (k s) * IZR (nth p (row s) 0%Z)) * Q2R (U.half u) / IZR (Zpos (nth p ds 1%positive))).
  { intros p Hp. unfold reals. rewrite (nth_indep _ 0 (Q2R 0)) by (rewrite map_length; lia). rewrite map_nth. unfold G.
    assert (NZ : forall (X : list (list Z)) (Y : list positive) p, (p < length X)%nat -> length X = length Y ->
      nth p (zip (fun col p0 => Qmake (zdot 0 (map k T) col * Qnum (U.half u)) (Qden (U.half u) * p0)) X Y) 0%Q = Qmake (zdot 0 (map k T) (nth p X []) * Qnum (U.half u)) (Qden (U.half u) * nth p Y 1%positive)).
    { clear. induction X as [|a X IH]; intros [|b Y] p Hp Hl; simpl in *; try lia. destruct p; auto. apply IH; lia. }
    rewrite NZ by (unfold n in *; lia). rewrite NC by auto. rewrite Q2R_make. destruct (U.half u) as [hn hd]. cbn [Qnum Qden]. rewrite Q2R_make. unfold real.
    rewrite mult_IZR, Pos2Z.inj_mul, mult_IZR, zdot_R, !map_map, dot_map. field. auto. }
  rewrite (sum_ext _ _ (fun p => sum T (fun s => IZR (k s) * Q2R (U.half u) * (real (nth p ds 1%positive) (nth p (row s) 0%Z) * nth p d 0)))).
  - rewrite sum_swap. apply sum_ext. intros s Hs. rewrite sum_scal.
    assert (EX : dot (xt s) d = sum (seq 0 n) (fun p => real (nth p ds 1%positive) (nth p (row s) 0%Z) * nth p d 0)).
    { rewrite (dot_nth n) by (unfold xt, row_reals; rewrite zip_length; [unfold n; lia|unfold n in *; now apply HR]). apply sum_ext. intros p Hp. apply in_seq in Hp. f_equal. unfold xt, row_reals.
      assert (NX : forall (X : list Z) (Y : list positive) p, (p < length X)%nat -> length X = length Y -> nth p (zip (fun n d => real d n) X Y) 0 = real (nth p Y 1%positive) (nth p X 0%Z)).
      { clear. induction X as [|a X IH]; intros [|b Y] p Hp Hl; simpl in *; try lia. destruct p; auto. apply IH; lia. }
      apply NX; [rewrite HR; auto; lia|now apply HR]. }
    rewrite EX. f_equal. unfold k, rr, slope_sum. rewrite half_R, !mult_IZR, plus_IZR. unfold real. field. auto.
  - intros p Hp. apply in_seq in Hp. rewrite NG by lia. unfold Rdiv. rewrite !Rmult_assoc.
    rewrite <- (Rmult_comm (nth p d 0)). rewrite <- !Rmult_assoc. rewrite (Rmult_comm (sum T _)). rewrite (Rmult_comm (_ * sum T _)).
    rewrite <- !sum_scal. rewrite Rmult_comm. rewrite <- ?sum_scal. apply sum_ext. intros s _. unfold real. lra.
Qed.

Definition change (d : list R) : R := sum T (fun s => rr s * (slope_sum s * dot (xt s) d + slope_gap s * Rabs (dot (xt s) d))).

Theorem form_sound sg f : U.form_of u sg (map place T) = Some f -> good_form f n /\ forall d, length d = n -> pform f d = IZR sg * change d.
Proof.
  unfold U.form_of. intros H. set (G := tzip _ (U.columns u) (U.dens u)) in H.
  match type of H with match U.gather_planes _ ?q _ with _ => _ end = _ => assert (EQ : q = map (fun s => (E.rescale (U.whole u) ds (row s), ((sg * rz s)%Z, place s))) T) end.
  { unfold u, U.unitwise_of. cbn [U.wholes U.rs U.whole fst snd]. rewrite tmap_map, map_map, !tzip_zip, (zip_map (fun r p => ((sg * r)%Z, p))), (zip_map pair). reflexivity. }
  rewrite EQ in H. clear EQ. destruct (U.gather_planes 0 _ []) as [found|] eqn:EG; [|discriminate]. match type of H with Some ?x = Some _ => assert (EF : f = x) by congruence end. subst f. clear H.
  match type of EG with U.gather_planes _ ?q _ = _ => assert (HS : forall x, In x q -> length (fst x) = n /\ (E.at_break (snd (snd x)) = false -> E.left_line (snd (snd x)) = E.right_line (snd (snd x)))) end.
  { intros x Hx. apply in_map_iff in Hx. destruct Hx as [s [<- Hs]]. cbn [fst snd]. split.
    - unfold E.rescale. rewrite tzip_zip, zip_length; [reflexivity|]. now apply HR.
    - apply locate_no_break. }
  assert (H1 : good_normals n []) by (intros ? []).
  assert (H2 : forall c, In c (map fst (@nil (Z * U.plane))) -> (c < 0)%Z) by (intros ? []).
  destruct (gather_planes_spec n _ _ _ _ HS H1 (NoDup_nil _) H2 EG) as [A1 [B1 D1]].
  assert (DW : forall dd, In dd ds -> (Zpos dd | Zpos (U.whole u))%Z).
  { intros dd Hd. unfold u, U.unitwise_of. cbn [U.whole snd]. apply (fold_takes common (fun a b => (Zpos a | Zpos b)%Z)); auto.
    - apply common_l. - intros. apply common_r. - intros. eapply Z.divide_trans; eauto. }
  assert (KU : Q2R (Qmake (Qnum (U.half u)) (Qden (U.half u) * U.whole u)) = Q2R (U.half u) / IZR (Zpos (U.whole u))).
  { destruct (U.half u) as [a b]. cbn [Qnum Qden]. rewrite !Q2R_make. unfold real. rewrite Pos2Z.inj_mul, mult_IZR. field. auto. }
  assert (HP : 0 < Q2R (U.half u)) by (rewrite half_R; apply Rdiv_lt_0_compat; auto; pose proof (pos_R D); lra).
  split.
  - constructor; cbn [U.gradient U.planes U.kappa_unit]; auto.
    + destruct (gradient_R sg (repeat 0 n) (repeat_length _ _)) as [_ L]. exact L.
    + eapply Rle_trans; [|right; symmetry; exact KU]. apply Rlt_le, Rdiv_lt_0_compat; auto.
  - intros d Hd. unfold pform. cbn [U.gradient U.planes]. destruct (gradient_R sg d Hd) as [EG2 _]. fold G in EG2. rewrite EG2.
    assert (EK : sum found (fun np => Q2R (U.kappa (U.LocalForm G found (Qmake (Qnum (U.half u)) (Qden (U.half u) * U.whole u))) (snd np)) * Rabs (dot (ints (U.normal (snd np))) d))
             = Q2R (U.half u) / IZR (Zpos (U.whole u)) * psum found d).
    { unfold psum. rewrite <- sum_scal. apply sum_ext. intros np _. rewrite <- KU. unfold U.kappa. cbn [U.kappa_unit Qnum Qden]. rewrite !Q2R_make. unfold real. rewrite mult_IZR. lra. }
    rewrite EK, D1, sum_map. unfold psum at 1. cbn [sum fst snd]. rewrite Rplus_0_l. unfold change. rewrite <- !sum_scal, <- sum_plus. apply sum_ext. intros s Hs. cbn [fst snd].
    assert (EX : dot (ints (E.rescale (U.whole u) ds (row s))) d = IZR (Zpos (U.whole u)) * dot (xt s) d).
    { unfold xt. rewrite <- (rescale_row_R (U.whole u)) by auto. rewrite <- dot_scal, map_map. f_equal. unfold ints. apply map_ext. intros a. unfold real. field. auto. }
    rewrite EX, Rabs_mult, (Rabs_right (IZR (Zpos (U.whole u)))) by (apply Rle_ge, Rlt_le; auto).
    unfold U.bend_of. rewrite half_R. unfold rr, slope_sum, slope_gap, real. rewrite !mult_IZR, minus_IZR. field. auto.
Qed.

Theorem phi_near : exists e, 0 < e /\ forall w', near_list e (reals w) w' -> phi w' = phi (reals w) + change (axpy (-1) (reals w) w').
Proof.
  unfold phi, change. clear HT HR HF. induction T as [|s S [e1 [H1 P1]]].
  - exists 1. split; [lra|]. intros. simpl. lra.
  - destruct (compile_sound h (z s) (E.denominator unit) HG) as [[eta [He P2]] _]. rewrite z_R in P2.
    destruct (dot_near (reals w) (xt s) eta He) as [e2 [H2 P3]].
    exists (Rmin e1 e2). split; [mins|]. intros w' Hn.
    assert (A1 : near_list e1 (reals w) w') by (exact (near_list_mono _ _ _ _ (Rmin_l _ _) Hn)).
    assert (B1 : near_list e2 (reals w) w') by (exact (near_list_mono _ _ _ _ (Rmin_r _ _) Hn)).
    cbn [sum]. rewrite (P1 w' A1). specialize (P3 w' (xt s) B1 (near_list_refl _ _ H2)). specialize (P2 _ P3).
    assert (HL : length w' = length (reals w)) by (symmetry; eapply Forall2_len; eauto).
    assert (EX : dot (xt s) (axpy (-1) (reals w) w') = dot w' (xt s) - dot (reals w) (xt s)).
    { rewrite dot_axpy by exact HL. rewrite (dot_comm _ w'), (dot_comm _ (reals w)). lra. }
    rewrite EX. replace (dot (reals w) (xt s) + (dot w' (xt s) - dot (reals w) (xt s))) with (dot w' (xt s)) in P2 by lra. rewrite P2.
    fold (place s). unfold slope_sum, slope_gap. fold D. lra.
Qed.

(* The sum at the weights themselves. *)
Lemma phi_R : phi (reals w) = Q2R factor / IZR (Zpos (D * E.denominator unit)) *
   IZR (zdot 0 (map rz T) (tzip (fun z p => E.value_on (E.right_line p) z (E.denominator unit)) (map z T) (map place T))).
Proof.
  rewrite zdot_R, tzip_zip, zip_map, !map_map, dot_map. unfold phi. rewrite Rplus_0_l, <- sum_scal. apply sum_ext. intros s _.
  rewrite <- z_R, <- value_on_R by auto. fold D. fold (place s). unfold rr, real. field. auto.
Qed.
End Unit.
