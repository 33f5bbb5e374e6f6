(* The tree of the claim `barrier` is sound: what it says of the hidden units (proofs/claims/barrier.md, section 3). *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Numbers NumbersSound ForwardSound UnitwiseSound Indices ConvexCells BoundForms BoundRule.
From Exactsurf Require Evaluate CheckUnitwise CheckDeadUnit CheckBound CheckBarrier.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.
Module U := CheckUnitwise.
Module D := CheckDeadUnit.
Module B := CheckBound.
Module C := CheckBarrier.

Lemma Forall2_pick {A X} (P : A -> X -> Prop) l us : Forall2 P l us -> forall n a, D.pick n l = Some a -> exists u, D.pick n us = Some u /\ P a u.
Proof.
  induction 1 as [|b u l us H1 H2 IH]; intros n a Hn; cbn [D.pick] in *; [discriminate|]. destruct (n =? 0)%Z; [|eauto]. inversion Hn; subst. eauto.
Qed.

Lemma Forall2_replace {A X} (P : A -> X -> Prop) a1 l : forall us n a passed pus, Forall2 P (rev passed) pus -> Forall2 P l us -> D.pick n l = Some a ->
  (forall u, D.pick n us = Some u -> P a1 u) -> Forall2 P (B.replace_from n a1 l passed) (pus ++ us).
Proof.
  induction l as [|b l IH]; intros us n a passed pus HP HF Hn Hu; cbn [D.pick B.replace_from] in *; [discriminate|]. inversion HF as [|? u ? us' F1 F2]; subst.
  cbn [D.pick] in Hu. destruct (n =? 0)%Z.
  - rewrite rev_onto_spec. apply Forall2_app; auto.
  - replace (pus ++ u :: us') with ((pus ++ [u]) ++ us') by (rewrite <- app_assoc; auto). eapply IH; eauto. simpl. apply Forall2_app; auto.
Qed.

Section Tree.
Variables (h : E.activation) (rows : list (list Z)) (ds : list positive).
Hypothesis HR : forall row, In row rows -> length row = length ds.
Hypothesis HN : rows <> [].
Let k := B.walls_of h (rows, ds).
Notation inside := (inside h rows ds).
Notation total_of := (total_of h rows ds).
Notation walls := (wall_values h rows ds).
Definition all_inside (rs : C.regions) (us : list unit) : Prop := Forall2 inside rs us.

Lemma halves_sound j wall rs above below us : C.halves k j wall rs = Some (above, below) -> all_inside rs us -> all_inside above us \/ all_inside below us.
Proof.
  unfold C.halves, all_inside. intros H HI. destruct (B.is_cuttable k wall); [|discriminate]. destruct (D.pick j rs) as [a|] eqn:EP; [|discriminate].
  destruct (B.cut wall true a) as [up|] eqn:E1; [|discriminate]. destruct (B.cut wall false a) as [down|] eqn:E2; [|discriminate]. inversion H; subst. clear H.
  destruct (Forall2_pick _ _ _ HI _ _ EP) as [u [PU IU]].
  destruct (cut_spec h rows ds wall a up down E1 E2 u IU) as [Q|Q]; [left|right]; apply (Forall2_replace _ _ _ us j a [] [] (Forall2_nil _) HI EP); intros u' Hu'; rewrite PU in Hu'; inversion Hu'; subst; exact Q.
Qed.

Variables (duals : list (list Q)) (forms : list B.form).
Hypothesis HD : forall r, In r duals -> length r = length rows.
Hypothesis HF : forall f, In f forms -> B.check_form h k duals f = true.

(* Some dual vector has terms that are not negative. *)
Definition is_bounded (us : list unit) : Prop := exists r, In r duals /\ 0 <= total_of r us.

Lemma pick_exists {A} (l : list A) : forall d, (0 <= d < count l)%Z -> exists a, D.pick d l = Some a.
Proof.
  induction l as [|a l IH]; intros d Hd; rewrite count_length in Hd; cbn [length D.pick] in *; [lia|]. destruct (Z.eqb_spec d 0); [eauto|]. apply IH. rewrite count_length. lia.
Qed.

Lemma high_sound d ns rs us : C.is_high (count duals) forms d ns rs = true -> all_inside rs us -> is_bounded us.
Proof.
  unfold C.is_high, all_inside. intros H HI. apply both in H as [H HA]. apply both in H as [H HL]. apply both in H as [B1 B2].
  apply Z.leb_le in B1. apply Z.ltb_lt in B2. apply Z.eqb_eq in HL. rewrite !count_length in HL. destruct (pick_exists duals d ltac:(lia)) as [r ER].
  exists r. split; [eapply pick_in; eauto|]. rewrite tzip_zip in HA. assert (LN : length ns = length rs) by lia. clear HL B1 B2.
  unfold BoundRule.total_of. revert ns HA LN. induction HI as [|a u rs us H1 H2 IH]; intros [|n ns] HA LN; simpl in LN; try discriminate; simpl; [lra|].
  cbn [zip all] in HA. apply both in HA as [A1 A2]. pose proof (unit_bounded_sound h rows ds HR HN duals forms HD HF _ _ _ _ _ ER A1 H1). pose proof (IH ns A2 ltac:(lia)). lra.
Qed.

(* Every point is in a leaf on one of the sides, or its risk is bounded. *)
Lemma leaves_grow nodes : forall i pending f0 l0 fs ls, C.leaves k (count duals) forms i pending nodes f0 l0 = Some (fs, ls) ->
  (forall rs, In rs f0 -> In rs fs) /\ (forall rs, In rs l0 -> In rs ls).
Proof.
  induction nodes as [|nd rest IH]; intros i pending f0 l0 fs ls H; cbn [C.leaves] in H. { destruct (U.is_nil pending); [|discriminate]. inversion H; subst. auto. }
  destruct (U.take_from i pending []) as [[rs others]|]; [|discriminate]. destruct nd as [j wall p m|[]|d ns].
  - destruct (C.halves k j wall rs) as [[above below]|]; [|discriminate]. destruct (B.new_children _ _ others) as [open|]; [|discriminate]. eauto.
  - destruct (IH _ _ _ _ _ _ H) as [A B]. split; auto. intros rs' Hr. apply B. now right.
  - destruct (IH _ _ _ _ _ _ H) as [A B]. split; auto. intros rs' Hr. apply A. now right.
  - destruct (C.is_high _ _ _ _ _); [|discriminate]. eauto.
Qed.

Theorem leaves_sound nodes : forall i pending f0 l0 fs ls, C.leaves k (count duals) forms i pending nodes f0 l0 = Some (fs, ls) ->
  forall n rs us, In (n, rs) pending -> all_inside rs us ->
  (exists rs, In rs fs /\ all_inside rs us) \/ (exists rs, In rs ls /\ all_inside rs us) \/ is_bounded us.
Proof.
  induction nodes as [|nd rest IH]; intros i pending f0 l0 fs ls H n rs us Hin HI; cbn [C.leaves] in H. { destruct pending; [destruct Hin|discriminate]. }
  destruct (U.take_from i pending []) as [[b others]|] eqn:T; [|discriminate]. pose proof (take_from_spec _ _ _ _ _ T (n, rs) (or_intror Hin)) as HO.
  destruct nd as [j wall p m|[]|d ns].
  - destruct (C.halves k j wall b) as [[above below]|] eqn:EH; [|discriminate]. destruct (B.new_children _ _ others) as [open|] eqn:EO; [|discriminate].
    pose proof (new_children_spec _ _ _ _ EO) as NC. destruct HO as [E|HO].
    + inversion E; subst n rs. destruct (halves_sound _ _ _ _ _ _ EH HI) as [Q|Q]; [refine (IH _ _ _ _ _ _ H p above us _ Q)|refine (IH _ _ _ _ _ _ H m below us _ Q)]; apply NC; left; simpl; auto.
    + refine (IH _ _ _ _ _ _ H n rs us _ HI). apply NC. now right.
  - destruct HO as [E|HO]; [|eapply (IH _ _ _ _ _ _ H); eauto]. inversion E; subst. right. left. exists b. split; auto. apply (leaves_grow _ _ _ _ _ _ _ H). now left.
  - destruct HO as [E|HO]; [|eapply (IH _ _ _ _ _ _ H); eauto]. inversion E; subst. left. exists b. split; auto. apply (leaves_grow _ _ _ _ _ _ _ H). now left.
  - destruct (C.is_high _ _ _ _ _) eqn:EH; [|discriminate]. destruct HO as [E|HO]; [|eapply (IH _ _ _ _ _ _ H); eauto]. inversion E; subst. right. right. eapply high_sound; eauto.
Qed.

(* ---- Where two regions meet ---- *)
Lemma meet_side_sound a b u : on_side a u -> on_side b u -> on_side (C.meet_side a b) u.
Proof. destruct a as [[]|], b as [[]|]; simpl; auto; lra. Qed.

Lemma meet_sound a b u : inside a u -> inside b u -> inside (C.meet a b) u.
Proof.
  intros [A1 A2] [B1 B2]. split; cbn [C.meet B.sign B.required]; [now apply meet_side_sound|]. rewrite tzip_zip. revert A2 B2. unfold obeys. generalize (walls (snd u)) as us, (B.required b) as sb.
  induction (B.required a) as [|x sa IH]; intros us sb HA HB; inversion HA; subst; inversion HB; subst; simpl; constructor; [now apply meet_side_sound|]. now apply IH.
Qed.

Lemma meets_all_sound rs us : all_inside rs us -> forall lasts ms ms', C.meets_all (count duals) forms rs lasts ms = Some ms' -> forall rs', In rs' lasts -> all_inside rs' us -> is_bounded us.
Proof.
  intros HA. induction lasts as [|b lasts IH]; intros ms ms' H rs' Hin HB; [destruct Hin|]. cbn [C.meets_all] in H. destruct ms as [|[d ns] ms]; [discriminate|].
  destruct (C.is_high _ _ d ns _) eqn:EB; [|discriminate]. destruct Hin as [->|Hin]; [|eauto]. apply (high_sound _ _ _ _ EB). rewrite tzip_zip. clear - HA HB.
  unfold all_inside in *. revert rs' HB. induction HA as [|a u rs us A1 A2 IH]; intros rs' HB; inversion HB; subst; simpl; constructor; [now apply meet_sound|]. now apply IH.
Qed.

Theorem all_meet_sound lasts us : forall firsts ms, C.all_meet (count duals) forms firsts lasts ms = true ->
  forall rs rs', In rs firsts -> In rs' lasts -> all_inside rs us -> all_inside rs' us -> is_bounded us.
Proof.
  induction firsts as [|a firsts IH]; intros ms H rs rs' Hin HL HA HB; [destruct Hin|]. cbn [C.all_meet] in H. destruct (C.meets_all _ _ a lasts ms) as [ms'|] eqn:EM; [|discriminate].
  destruct Hin as [->|Hin]; [exact (meets_all_sound rs us HA lasts ms ms' EM rs' HL HB)|exact (IH ms' H rs rs' Hin HL HA HB)].
Qed.
End Tree.
