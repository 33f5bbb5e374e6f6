(* A point of a problem: its risk, and what a frozen subgradient says about nearby points. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra Lia Bool.
From Exactsurf Require Import Network Lists Sums Near Convex Numbers NumbersSound ForwardSound LossSound RiskSound.
From Exactsurf Require Evaluate Check.
Import ListNotations.
Open Scope R_scope.
Module E := Evaluate.

(* What the reader has checked about a problem with widths n, ms. *)
Record good_problem (p : E.problem) (n : nat) (ms : list nat) : Prop := {
  good_rising : good_activation (E.activation_of p);
  good_widths : ms <> [];
  good_scale : qltb 0 (E.scale p) = true;
  good_data : E.data p <> [];
  good_rows : forall s, In s (E.data p) -> length (E.inputs s) = n /\ length (E.targets s) = last_nat n ms /\ labels (E.gap_of (E.loss_on p)) (reals (E.targets s)) /\ 0 < Q2R (E.weight s) }.

Section Point.
Variables (p : E.problem) (n : nat) (ms : list nat).
Hypothesis HP : good_problem p n ms.
Let h := E.compile (E.activation_of p).
Let x := table_of (map E.inputs (E.data p)).
Let y := table_of (map E.targets (E.data p)).
Let m := last_nat n ms.
Notation predictions ls s := (predict (act_R (E.activation_of p)) ls (reals (E.inputs s))).

(* The inputs as integers. *)
Lemma input_rows : exists X : sample -> list Z, fst x = map X (E.data p) /\ (forall s, In s (E.data p) -> row_reals (snd x) (X s) = reals (E.inputs s) /\ length (X s) = n)
  /\ length (snd x) = n.
Proof.
  destruct (table_of_R n (map E.inputs (E.data p))) as [g [G1 [G2 G3]]].
  { intros r Hr. apply in_map_iff in Hr. destruct Hr as [s [<- Hs]]. now apply (good_rows _ _ _ HP). }
  exists (fun s => g (E.inputs s)). unfold x. rewrite G1, map_map. split; auto. split; [|apply G3].
  - intros s Hs. apply G2. now apply in_map. - intros E. apply map_eq_nil in E. now apply (good_data _ _ _ HP).
Qed.

Lemma point_rows ls : shaped n ms ls -> exists (F Y : sample -> list Z) (df dy : list positive),
  E.forward h ls x = (map F (E.data p), df) /\ y = (map Y (E.data p), dy) /\ length df = m /\ length dy = m
  /\ forall s, In s (E.data p) -> length (F s) = m /\ length (Y s) = m /\ row_reals df (F s) = predictions (parameters_R ls) s /\ row_reals dy (Y s) = reals (E.targets s).
Proof.
  intros HS. destruct input_rows as [X [X1 [X2 X3]]].
  destruct (table_of_R m (map E.targets (E.data p))) as [g [G1 [G2 G3]]].
  { intros r Hr. apply in_map_iff in Hr. destruct Hr as [s [<- Hs]]. now apply (good_rows _ _ _ HP). }
  destruct (forward_sound (E.activation_of p) (good_rising _ _ _ HP) ls x (shaped_biased _ _ _ HS)) as [f [F1 F2]]. fold h in F1, F2.
  destruct (forward_lengths h ms n ls x (good_widths _ _ _ HP) HS) as [L1 L2].
  exists (fun s => f (X s)), (fun s => g (E.targets s)), (snd (E.forward h ls x)), (snd y).
  assert (EF : fst (E.forward h ls x) = map (fun s => f (X s)) (E.data p)) by (rewrite F1, X1, map_map; reflexivity).
  assert (EY : fst y = map (fun s => g (E.targets s)) (E.data p)) by (unfold y; rewrite G1, map_map; reflexivity).
  split. { rewrite (surjective_pairing (E.forward h ls x)) at 1. f_equal. exact EF. } split. { rewrite (surjective_pairing y) at 1. f_equal. exact EY. }
  split; auto. split. { apply G3. intros E. apply map_eq_nil in E. now apply (good_data _ _ _ HP). }
  intros s Hs. split. { apply L2. rewrite EF. now apply (in_map (fun s => f (X s))). }
  destruct (G2 (E.targets s)) as [A B]. { now apply in_map. } split; auto. split; auto.
  rewrite F2. now rewrite (proj1 (X2 s Hs)).
Qed.

Lemma risk_sum ls : risk (problem_R p) ls = Q2R (E.scale p) * sum (E.data p) (fun s => Q2R (E.weight s) * loss_of (loss_R (E.loss_on p)) (predictions ls s) (reals (E.targets s))).
Proof.
  unfold risk. simpl. f_equal. induction (E.data p) as [|s d IH]; simpl; auto. rewrite IH. reflexivity.
Qed.

Theorem point_risk ls : shaped n ms ls -> Q2R (E.risk_of (E.scale p) (Check.fit_for p h x y ls)) = risk (problem_R p) (parameters_R ls).
Proof.
  intros HS. destruct (point_rows ls HS) as [F [Y [df [dy [EF [EY [L1 [L2 HR]]]]]]]].
  unfold Check.fit_for. rewrite EF, EY.
  rewrite tmap_map. rewrite (risk_of_R (E.data p) F Y df dy E.weight (E.loss_on p)).
  - rewrite risk_sum. f_equal. apply sum_ext. intros s Hs. destruct (HR s Hs) as [_ [_ [-> ->]]]. reflexivity.
  - intros s Hs. destruct (HR s Hs) as [_ [_ [_ ->]]]. now apply (good_rows _ _ _ HP).
  - intros s Hs. now apply (good_rows _ _ _ HP).
Qed.

Lemma predictions_length ls s e ls' : shaped n ms ls -> In s (E.data p) -> near e (parameters_R ls) ls' -> length (predictions ls' s) = m.
Proof.
  intros HS Hs Hn. destruct (point_rows ls HS) as [F [Y [df [dy [EF [EY [L1 [L2 HR]]]]]]]]. destruct (HR s Hs) as [A [_ [B _]]].
  rewrite <- (predict_length _ _ _ _ (reals (E.inputs s)) _ Hn eq_refl), <- B. unfold row_reals. rewrite zip_length; congruence.
Qed.

Definition weighted (r : E.subgradient) (rw : list Z) : list R := times (E.r_factor r) rw.

Theorem point_subgradient ls given r : shaped n ms ls -> E.convex (E.loss_on p) = true ->
  E.subgradient_of (E.gap_of (E.loss_on p)) (E.scale p) (Check.fit_for p h x y ls) given = Some r ->
  exists P : list (sample * list Z), map fst P = E.data p /\ map snd P = E.r_rows r /\ 0 < Q2R (E.r_factor r)
    /\ (forall a rw, In (a, rw) P -> length rw = m)
    /\ forall e ls', near e (parameters_R ls) ls' ->
       risk (problem_R p) (parameters_R ls)
         + (sum P (fun s => dot (weighted r (snd s)) (predictions ls' (fst s))) - sum P (fun s => dot (weighted r (snd s)) (predictions (parameters_R ls) (fst s))))
       <= risk (problem_R p) ls'.
Proof.
  intros HS HV H. destruct (point_rows ls HS) as [F [Y [df [dy [EF [EY [L1 [L2 HR]]]]]]]].
  unfold Check.fit_for in H. rewrite EF, EY, tmap_map in H.
  destruct (subgradient_sound (E.data p) F Y df dy E.weight (E.loss_on p) m) with (s := E.scale p) (given := given) (r := r) as [P [P1 [P2 [P3 P4]]]]; auto.
  - intros s Hs. now apply HR. - intros s Hs. now apply HR.
  - intros s Hs. destruct (HR s Hs) as [_ [_ [_ ->]]]. now apply (good_rows _ _ _ HP).
  - intros s Hs. now apply (good_rows _ _ _ HP).
  - now apply convex_sound. - apply (good_scale _ _ _ HP).
  - exists P. repeat (split; auto). { intros a rw Hin. now destruct (P4 a rw Hin). }
    intros e ls' Hn. rewrite !risk_sum, <- !sum_scal.
    rewrite <- P1, !sum_map. unfold Rminus.
    match goal with |- _ + (?u + - ?v) <= _ => replace (- v) with (-1 * v) by lra end.
    rewrite <- sum_scal, <- !sum_plus.
    apply sum_le. intros [a rw] Hin. cbn [fst snd].
    assert (Ha : In a (E.data p)). { rewrite <- P1. apply in_map_iff. exists (a, rw). auto. }
    destruct (HR a Ha) as [_ [_ [EF2 EY2]]]. destruct (P4 a rw Hin) as [_ Q].
    specialize (Q (predictions ls' a) (predictions_length ls a e ls' HS Ha Hn)). rewrite EF2, EY2 in Q. unfold weighted. lra.
Qed.
End Point.
