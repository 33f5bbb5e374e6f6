(* What a reader has to believe, over the real numbers: piecewise linear networks of any depth, losses, the risk,
   local minima. Everything else in this folder is proved about these definitions (or only computes). *)
From Coq Require Import Reals List.
Import ListNotations.
Open Scope R_scope.

(* ---- The activation: continuous and piecewise linear ---- *)

(* The slope on the far left, the value at 0, and the pairs (breakpoint, slope on its right), breakpoints increasing. *)
Record activation := Activation { first_slope : R; value_at_0 : R; bends : list (R * R) }.

Definition positive_part (z : R) : R := Rmax 0 z.

(* At every breakpoint t the slope changes by (slope after it) - (slope before it). *)
Fixpoint bent (before : R) (ks : list (R * R)) (z : R) : R :=
  match ks with
  | [] => 0
  | (t, after) :: rest => (after - before) * (positive_part (z - t) - positive_part (0 - t)) + bent after rest z
  end.

Definition act (h : activation) (z : R) : R := value_at_0 h + first_slope h * z + bent (first_slope h) (bends h) z.

(* ---- The network ---- *)

Record layer := Layer { weights : list (list R); bias : option (list R) }.

Fixpoint dot (u v : list R) : R :=
  match u, v with a :: u', b :: v' => a * b + dot u' v' | _, _ => 0 end.

Fixpoint add_bias (b z : list R) : list R :=
  match b, z with c :: b', y :: z' => (y + c) :: add_bias b' z' | _, _ => z end.

Definition affine (l : layer) (x : list R) : list R :=
  let z := map (fun w => dot w x) (weights l) in
  match bias l with None => z | Some b => add_bias b z end.

(* Hidden layers are followed by the activation, the last layer is not. *)
Fixpoint predict (h : activation) (ls : list layer) (x : list R) : list R :=
  match ls with
  | [] => x
  | [l] => affine l x
  | l :: rest => predict h rest (map (act h) (affine l x))
  end.

(* The parameters fit the widths n0, n1, ... *)
Fixpoint fits (n : nat) (widths : list nat) (ls : list layer) : Prop :=
  match widths, ls with
  | [], [] => True
  | m :: widths', l :: rest =>
      length (weights l) = m /\ Forall (fun w => length w = n) (weights l)
      /\ match bias l with None => True | Some b => length b = m end /\ fits m widths' rest
  | _, _ => False
  end.

(* ---- The loss: a piecewise quadratic function of a gap ---- *)

(* (c0, c1, c2) stands for c0 + c1 u + c2 u^2. *)
Definition quadratic := (R * R * R)%type.
Definition value (q : quadratic) (u : R) : R := let '(c0, c1, c2) := q in c0 + c1 * u + c2 * u * u.

(* The piece on the far left, and pairs (breakpoint, piece on its right). *)
Fixpoint piecewise (q : quadratic) (ks : list (R * quadratic)) (u : R) : R :=
  match ks with
  | [] => value q u
  | (t, q') :: rest => if Rle_dec u t then value q u else piecewise q' rest u
  end.

(* What the loss sees of prediction a and target b: a - b, or b a, or, for several classes, a - (the prediction for the
   right class); targets of several classes are 1 for the right class and 0 for the others. *)
Inductive gap := Difference | Margin | Classes.
Record loss := Loss { gap_of : gap; first_piece : quadratic; more_pieces : list (R * quadratic) }.

Definition ell (l : loss) (u : R) : R := piecewise (first_piece l) (more_pieces l) u.

Definition term (l : loss) (right a b : R) : R :=
  match gap_of l with
  | Difference => ell l (a - b)
  | Margin => ell l (b * a)
  | Classes => if Req_EM_T b 1 then 0 else ell l (a - right)
  end.

Fixpoint terms (l : loss) (right : R) (f y : list R) : R :=
  match f, y with a :: f', b :: y' => term l right a b + terms l right f' y' | _, _ => 0 end.

(* The loss of predictions f for targets y; dot f y is the prediction for the right class. *)
Definition loss_of (l : loss) (f y : list R) : R := terms l (dot f y) f y.

(* The losses by their names. *)
Definition squared : loss := Loss Difference (0, 0, 1) [].
Definition absolute : loss := Loss Difference (0, -1, 0) [(0, (0, 1, 0))].
Definition huber (d : R) : loss :=
  Loss Difference (- (d * d) / 2, - d, 0) [(- d, (0, 0, 1 / 2)); (d, (- (d * d) / 2, d, 0))].
Definition hinge : loss := Loss Margin (1, -1, 0) [(1, (0, 0, 0))].
Definition hinge_of_classes : loss := Loss Classes (0, 0, 0) [(-1, (1, 1, 0))].

(* ---- The risk ---- *)

(* Inputs, targets, and the weight of the sample in the risk. *)
Record sample := Sample { inputs : list R; targets : list R; weight : R }.
Record problem := Problem { activation_of : activation; loss_on : loss; scale : R; data : list sample }.

Fixpoint total (p : problem) (ls : list layer) (d : list sample) : R :=
  match d with
  | [] => 0
  | s :: d' => weight s * loss_of (loss_on p) (predict (activation_of p) ls (inputs s)) (targets s) + total p ls d'
  end.

Definition risk (p : problem) (ls : list layer) : R := scale p * total p ls (data p).

(* ---- Local minima ---- *)

(* Parameters of the same shape whose entries differ by less than e. *)
Definition near_list (e : R) : list R -> list R -> Prop := Forall2 (fun a b => Rabs (b - a) < e).
Definition near_bias (e : R) (a b : option (list R)) : Prop :=
  match a, b with None, None => True | Some u, Some v => near_list e u v | _, _ => False end.
Definition near_layer (e : R) (a b : layer) : Prop :=
  Forall2 (near_list e) (weights a) (weights b) /\ near_bias e (bias a) (bias b).
Definition near (e : R) : list layer -> list layer -> Prop := Forall2 (near_layer e).

Definition local_minimum (p : problem) (ls : list layer) : Prop :=
  exists e, 0 < e /\ forall ls', near e ls ls' -> risk p ls <= risk p ls'.

Definition same_shape (ls ls' : list layer) : Prop := exists e, near e ls ls'.

(* A local minimum, and some parameters of the same shape have a strictly lower risk. *)
Definition spurious_local_minimum (p : problem) (ls : list layer) : Prop :=
  local_minimum p ls /\ exists ls', same_shape ls ls' /\ risk p ls' < risk p ls.

(* Every neighbourhood holds parameters of strictly lower risk. *)
Definition not_a_local_minimum (p : problem) (ls : list layer) : Prop :=
  forall e, 0 < e -> exists ls', near e ls ls' /\ risk p ls' < risk p ls.

(* ---- Paths of parameters ---- *)

(* Continuous at every time from 0 to T. *)
Definition path (T : R) (g : R -> list layer) : Prop :=
  forall t, 0 <= t <= T -> forall e, 0 < e -> exists d, 0 < d /\ forall u, 0 <= u <= T -> Rabs (u - t) < d -> near e (g t) (g u).

(* A path is at these points at the times 0, 1, 2, ..., and ends at the last one; on it the risk is nowhere above the level. *)
Definition path_below (p : problem) (level : R) (points : list (list layer)) : Prop :=
  exists g, let T := INR (length points - 1) in
    path T g /\ (forall k, (k < length points)%nat -> g (INR k) = nth k points [])
    /\ forall t, 0 <= t <= T -> risk p (g t) <= level.

(* ---- All parameters ---- *)

(* Layers with biases as said. *)
Definition has_biases : list bool -> list layer -> Prop := Forall2 (fun b l => match bias l with None => b = false | Some _ => b = true end).

(* No parameters for the widths n, ms and these biases have a risk below r. *)
Definition lower_bound (p : problem) (n : nat) (ms : list nat) (bs : list bool) (r : R) : Prop :=
  forall ls, fits n ms ls -> has_biases bs ls -> r <= risk p ls.

Definition global_minimum (p : problem) (ls : list layer) : Prop := forall ls', same_shape ls ls' -> risk p ls <= risk p ls'.

(* Every path from a to b reaches a risk of at least the level. *)
Definition separated (p : problem) (level : R) (a b : list layer) : Prop :=
  forall T g, 0 <= T -> path T g -> g 0 = a -> g T = b -> exists t, 0 <= t <= T /\ level <= risk p (g t).
