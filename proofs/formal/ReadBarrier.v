(* The evidence of a barrier, read from the syntax tree of its JSON text (FORMAT.md, section 9.1). *)
From Coq Require Import ZArith QArith List Bool String.
From Exactsurf Require Import Lists Numbers Evaluate Json Reader CheckBound ReadBound CheckBarrier.
Import ListNotations.
Open Scope Z_scope.

Local Notation code s := (codes s%string) (only parsing).
Definition k_side := Eval vm_compute in code "side".
Definition k_meetings := Eval vm_compute in code "meetings".

Definition read_part (n m : Z) (j : json) : option part :=
  if has_field k_side j then
    match fields [k_side] j with Some [s] => last <- read_sign s ;; Some (Beside last) | _ => None end
  else
    nd <- read_tree_node n m j ;;
    match nd with Cut u w a b => Some (Parted u w a b) | Bounded d f => Some (High d f) end.
Definition read_meeting (j : json) : option meeting :=
  match fields [k_dual; k_forms] j with
  | Some [dj; fj] => d <- index dj ;; f <- items (items index) fj ;; Some (d, f)
  | _ => None
  end.

Definition read_barrier_evidence (p : problem) (j : json) : option barrier_evidence :=
  let n := count (data p) in let m := count (bends (activation_of p)) in
  match fields [k_path; k_duals; k_forms; k_nodes; k_meetings] j with
  | Some [_; dj; fj; nj; mj] =>
      d <- items (vector n) dj ;;
      let free := tflat (fun _ => tmap (fun _ => None) (bends (activation_of p))) (data p) in
      f <- items (read_form true n m free) fj ;; t <- items (read_part n m) nj ;; ms <- items read_meeting mj ;; Some (BarrierEvidence d f t ms)
  | _ => None
  end.

(* Counted as a lower bound: a tree with a leaf that names every unit, one for every meeting, and the tree of the barrier. *)
Definition before_leaf (d : Z) (ns : list (list Z)) (tree : list tree_node) : list tree_node := Cut 0 None 0 0 :: Bounded d ns :: tree.
Definition as_bound {A} (units : list A) (e : barrier_evidence) : bound_evidence :=
  let tree := tmap (fun nd => match nd with Parted u w a b => Cut u w a b | High d ns => Bounded d ns | Beside _ => Bounded 0 [] end) (parts e) in
  let tree := fold (fun tree m => before_leaf (fst m) (snd m) tree) tree (meetings e) in
  BoundEvidence (barrier_duals e) (barrier_forms e) (before_leaf 0 (tmap (fun _ => []) units) tree).
