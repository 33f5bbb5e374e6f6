(* The nodes of the rule `second order` (FORMAT.md, section 4.3), and whether they are within reach. *)
From Coq Require Import ZArith QArith List Bool String.
From Exactsurf Require Import Lists Numbers Evaluate Json Reader CheckUnitwise CheckConvex CheckSecondOrder.
Import ListNotations.
Open Scope Z_scope.

Local Notation code s := (codes s%string) (only parsing).
Definition k_wall_multipliers := Eval vm_compute in code "multipliers".
Definition k_kink_slopes := Eval vm_compute in code "subgradient".
Definition k_products := Eval vm_compute in code "products".

Definition read_boundary_name (j : json) : option Z :=
  match items index j with Some [l; u; i] => Some (boundary_name l u i) | _ => None end.
Definition read_weighted (j : json) : option (Z * Q) :=
  match j with Items l => match l with [b; m] => n <- read_boundary_name b ;; q <- number m ;; Some (n, q) | _ => None end | _ => None end.
Definition read_subgradient_entry (j : json) : option (Z * Q) :=
  match j with Items l => match l with [i; k; r] => i' <- index i ;; k' <- index k ;; q <- number r ;; Some (pair_code i' k', q) | _ => None end | _ => None end.
Definition read_product (j : json) : option (Z * Z * Q) :=
  match j with Items l => match l with [a; b; m] => a' <- read_boundary_name a ;; b' <- read_boundary_name b ;; q <- number m ;; Some (a', b', q) | _ => None end | _ => None end.
Definition read_second_node (j : json) : option (node second_leaf) :=
  if has_field k_split j then
    match fields [k_split; k_plus; k_minus] j with
    | Some [b; p; m] => n <- read_boundary_name b ;; p' <- index p ;; m' <- index m ;; Some (Split n p' m')
    | _ => None
    end
  else if has_field k_empty j then
    match fields [k_empty] j with Some [e] => l <- items read_weighted e ;; Some (Empty l) | _ => None end
  else
    match fields [k_wall_multipliers; k_kink_slopes; k_products] j with
    | Some [mj; sj; pj] =>
        m <- items read_weighted mj ;; s <- items read_subgradient_entry sj ;; n <- items read_product pj ;; Some (Multipliers (SecondLeaf m s n))
    | _ => None
    end.

(* What a tree of so many nodes costs: on every leaf every sample is a polynomial in all parameters, and one form is
   eliminated, in which numbers grow. Nothing is proved about this. *)
Definition most_parameters : Z := 150.
Definition most_operations : Z := 2 ^ 27.
Definition numbers_of (nd : node second_leaf) : list Q :=
  match nd with
  | Split _ _ _ => []
  | Empty l => tmap snd l
  | Multipliers lf => rev_onto (tmap snd (wall_multipliers lf)) (rev_onto (tmap snd (kink_slopes lf)) (tmap snd (product_multipliers lf)))
  end.
Definition numbers_in (p : problem) (ls : list layer) (nodes : list (node second_leaf)) : list (list Q) :=
  rev_onto (tmap numbers_of nodes)
    (rev_onto (tmap (fun s => weight s :: rev_onto (inputs s) (targets s)) (data p))
       [scale p :: entries_of ls; tmap fst (bends (activation_of p)); first_slope (activation_of p) :: value_at_0 (activation_of p) :: tmap snd (bends (activation_of p)); tmap fst (more_pieces (loss_on p))]).
Definition second_order_within_reach (p : problem) (ls : list layer) (nodes : list (node second_leaf)) : bool :=
  let n := count (entries_of ls) in
  (n <=? most_parameters)
  &&& match fold (fold (measure few_bits)) (Some (1%positive, 0)) (numbers_in p ls nodes) with
      | None => false
      | Some (d, longest) =>
          let bits := (Z.log2 (Zpos d) + longest) / 128 in
          let samples := count (data p) * (64 + n * n) * (2 + bits) * (2 + bits) in
          let elimination := n * n * n * (4 + bits * n) * (4 + bits * n) / 16 in
          count nodes * (samples + elimination) <=? most_operations
      end.
