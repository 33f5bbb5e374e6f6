(* The definitions of Network.v and Reader.v say what they should: formulas and examples. Nothing depends on this file. *)
From Coq Require Import ZArith QArith Qreals Reals List Lra String.
From Exactsurf Require Import Network Lists.
From Exactsurf Require Json Reader.
Import ListNotations.
Open Scope R_scope.

(* ---- The activation ---- *)
Lemma act_at_0 h : act h 0 = value_at_0 h.
Proof.
  unfold act. assert (G : forall ks a, bent a ks 0 = 0); [|rewrite G; lra].
  induction ks as [|[t b] ks IH]; intros a; simpl; [lra|]. rewrite IH. lra.
Qed.

(* The slope before the breakpoints that are not below z. *)
Fixpoint slope_below (a : R) (ks : list (R * R)) (z : R) : R :=
  match ks with [] => a | (t, b) :: rest => if Rle_dec t z then slope_below b rest z else a end.

Fixpoint increasing (ks : list (R * R)) : Prop :=
  match ks with [] => True | (t, _) :: rest => match rest with [] => True | (t', _) :: _ => t < t' end /\ increasing rest end.

(* Between two numbers without a breakpoint strictly between them, h has one slope: that of the left one. *)
Lemma act_slope h z z' : increasing (bends h) -> z <= z' -> (forall t b, In (t, b) (bends h) -> t <= z \/ z' <= t) ->
  act h z' - act h z = slope_below (first_slope h) (bends h) z * (z' - z).
Proof.
  intros HI Hz HB. unfold act.
  assert (G : forall ks a, increasing ks -> (forall t b, In (t, b) ks -> t <= z \/ z' <= t) ->
     bent a ks z' - bent a ks z = (slope_below a ks z - a) * (z' - z)).
  { induction ks as [|[t b] ks IH]; intros a H K; simpl; [lra|]. destruct H as [H1 H2].
    assert (K2 : forall t0 b0, In (t0, b0) ks -> t0 <= z \/ z' <= t0) by (intros; apply (K t0 b0); simpl; auto).
    specialize (IH b H2 K2). unfold positive_part in *. destruct (K t b (or_introl eq_refl)) as [L|L].
    - destruct (Rle_dec t z); [|lra]. rewrite (Rmax_right 0 (z' - t)), (Rmax_right 0 (z - t)) by lra. lra.
    - destruct (Req_dec t z) as [E|E].
      + destruct (Rle_dec t z); [|lra]. assert (z' = z) by lra. subst z'. lra.
      + destruct (Rle_dec t z) as [M|M].
        * assert (z' = z) by lra. subst z'. lra.
        * rewrite (Rmax_left 0 (z' - t)), (Rmax_left 0 (z - t)) by lra.
          assert (S : slope_below b ks z = b). { destruct ks as [|[t' b'] ks]; auto. simpl. destruct (Rle_dec t' z); auto. lra. }
          rewrite S in IH. lra. }
  specialize (G (bends h) (first_slope h) HI HB). lra.
Qed.

Definition relu : activation := Activation 0 0 [(0, 1)].
Lemma act_relu z : act relu z = Rmax 0 z.
Proof. unfold act, relu. simpl. unfold positive_part. replace (z - 0) with z by lra. replace (0 - 0) with 0 by lra. rewrite (Rmax_left 0 0) by lra. lra. Qed.

(* ---- The losses ---- *)
Lemma squared_formula u : ell squared u = u * u.
Proof. unfold ell. simpl. lra. Qed.
Lemma absolute_formula u : ell absolute u = Rabs u.
Proof. unfold ell. simpl. destruct (Rle_dec u 0); [rewrite Rabs_left1 by lra|rewrite Rabs_right by lra]; lra. Qed.
Lemma huber_formula d u : 0 < d -> ell (huber d) u = if Rle_dec (Rabs u) d then u * u / 2 else d * Rabs u - d * d / 2.
Proof.
  intros Hd. unfold ell. simpl. destruct (Rle_dec u (- d)) as [A|A]; [|destruct (Rle_dec u d) as [B|B]].
  - rewrite Rabs_left1 by lra. destruct (Rle_dec (- u) d); [|lra]. assert (u = - d) by lra. subst. lra.
  - destruct (Rle_dec (Rabs u) d) as [C|C]; [lra|]. exfalso. apply C. unfold Rabs. destruct (Rcase_abs u); lra.
  - rewrite Rabs_right by lra. destruct (Rle_dec u d); lra.
Qed.
Lemma hinge_formula u : ell hinge u = Rmax 0 (1 - u).
Proof. unfold ell. simpl. destruct (Rle_dec u 1); [rewrite Rmax_right by lra|rewrite Rmax_left by lra]; lra. Qed.
Lemma hinge_of_classes_formula u : ell hinge_of_classes u = Rmax 0 (1 + u).
Proof. unfold ell. simpl. destruct (Rle_dec u (-1)); [rewrite Rmax_left by lra|rewrite Rmax_right by lra]; lra. Qed.

Example two_classes a b : loss_of hinge_of_classes [a; b] [1; 0] = Rmax 0 (1 + b - a).
Proof.
  unfold loss_of, terms, term. cbn [gap_of hinge_of_classes]. destruct (Req_EM_T 1 1); [|congruence]. destruct (Req_EM_T 0 1); [lra|].
  rewrite hinge_of_classes_formula. simpl. replace (1 + (b - (a * 1 + (b * 0 + 0)))) with (1 + b - a) by lra. lra.
Qed.

(* ---- Paths ---- *)
Lemma resting_path T ls : path T (fun _ => ls).
Proof.
  intros t _ e He. exists 1. split; [lra|]. intros _ _ _.
  assert (L : forall u, near_list e u u) by (induction u; constructor; auto; rewrite Rminus_diag_eq, Rabs_R0; auto).
  induction ls as [|l ls IH]; constructor; auto. split; [|unfold near_bias; destruct (bias l); auto]. induction (weights l); constructor; auto.
Qed.
(* Nothing jumps. *)
Example no_jump : ~ path 1 (fun t => [Layer [[if Rle_dec t 0 then 0 else 1]] None]).
Proof.
  intros H. destruct (H 0 ltac:(lra) 1 ltac:(lra)) as [d [Hd P]]. set (u := Rmin 1 (d / 2)).
  assert (U : 0 < u <= 1 /\ u < d). { unfold u. pose proof (Rmin_l 1 (d / 2)). pose proof (Rmin_r 1 (d / 2)). assert (0 < Rmin 1 (d / 2)) by (apply Rmin_glb_lt; lra). lra. }
  specialize (P u ltac:(lra) ltac:(rewrite Rabs_right; lra)). inversion P as [|? ? ? ? N _]; subst. destruct N as [N _]. cbn [weights] in N.
  inversion N as [|? ? ? ? R _]; subst. inversion R as [|? ? ? ? L _]; subst. destruct (Rle_dec 0 0), (Rle_dec u 0); try lra. rewrite Rabs_right in L; lra.
Qed.

(* ---- Numbers of certificates ---- *)
Definition number (s : string) : option Q := Json.number (Json.Text (Json.codes s)).
Example numbers : (number "3/4" = Some (3 # 4) /\ number "-0x1f/3" = Some (-31 # 3) /\ number "0" = Some (0 # 1))%string.
Proof. vm_compute. auto. Qed.
Example no_numbers :
  map number ["6/8"; "-0"; "01"; "+1"; "1.5"; "1/1"; "1/0"; "1/02"; "0x0"; "0X1"; "0xG"; "1 "; "1/"; "/2"; "--1"; ""]%string = repeat None 16.
Proof. vm_compute. auto. Qed.
