(* The evidence of a lower bound at all parameters, read from the syntax tree of its JSON text (FORMAT.md, sections 18 and 25). *)
From Coq Require Import ZArith QArith List Bool String.
From Exactsurf Require Import Lists Numbers Evaluate Json Reader CheckUnitwise CheckBound.
Import ListNotations.
Open Scope Z_scope.

Local Notation code s := (codes s%string) (only parsing).
Definition k_duals := Eval vm_compute in code "duals".
Definition k_dual := Eval vm_compute in code "dual".
Definition k_forms := Eval vm_compute in code "forms".
Definition k_sign := Eval vm_compute in code "sign".
Definition k_region := Eval vm_compute in code "region".
Definition k_implied := Eval vm_compute in code "implied".
Definition k_then := Eval vm_compute in code "then".

(* The number of a wall [i, k] of n samples and m breakpoints. *)
Definition wall_number (n m : Z) (i k : json) : option Z := i' <- index i ;; k' <- index k ;; when i' <? n ;; when k' <? m ;; Some (i' * m + k').
Definition read_wall (n m : Z) (j : json) : option Z := match j with Items l => match l with [i; k] => wall_number n m i k | _ => None end | _ => None end.
Definition read_at_wall {A} (n m : Z) (read : json -> option A) (j : json) : option (Z * A) :=
  match j with Items l => match l with [i; k; v] => w <- wall_number n m i k ;; a <- read v ;; Some (w, a) | _ => None end | _ => None end.
Definition read_slopes (n m : Z) (j : json) : option (named Q) := items (read_at_wall n m number) j.
Definition read_sign (j : json) : option bool := s <- index j ;; if s =? 1 then Some true else if s =? 0 then Some false else None.
(* 1 and 0 for the two sides of a wall, 2 for both, where that may be required. *)
Definition read_side (on_walls : bool) (j : json) : option requirement :=
  s <- index j ;; if s =? 1 then Some AtLeast else if s =? 0 then Some AtMost else if on_walls &&& (s =? 2) then Some OnWall else None.

Definition read_step (n m : Z) (j : json) : option step :=
  if has_field k_split j then
    match fields [k_split; k_plus; k_minus] j with
    | Some [w; a; b] => w' <- read_wall n m w ;; a' <- index a ;; b' <- index b ;; Some (Halve w' a' b')
    | _ => None
    end
  else if has_field k_implied j then
    match fields [k_implied; k_slopes; k_then] j with
    | Some [w; l; t] => w' <- read_wall n m w ;; l' <- read_slopes n m l ;; t' <- index t ;; Some (Follows w' l' t')
    | _ => None
    end
  else if has_field k_empty j then
    match fields [k_empty] j with Some [l] => l' <- read_slopes n m l ;; Some (Void l') | _ => None end
  else
    match fields [k_slopes] j with Some [l] => l' <- read_slopes n m l ;; Some (Holds l') | _ => None end.

(* The listed sides among those of all walls; the walls rise. *)
Fixpoint sides_onto (i : Z) (free : sides) (given : named requirement) (acc : sides) : option sides :=
  match free with
  | [] => if is_nil given then Some (rev_onto acc []) else None
  | _ :: free' =>
      match given with
      | (n, s) :: later => if n =? i then sides_onto (i + 1) free' later (Some s :: acc) else sides_onto (i + 1) free' given (None :: acc)
      | [] => sides_onto (i + 1) free' [] (None :: acc)
      end
  end.

Definition read_form (on_walls : bool) (n m : Z) (free : sides) (j : json) : option form :=
  match fields [k_dual; k_sign; k_region; k_nodes] j with
  | Some [dj; sj; rj; nj] =>
      d <- index dj ;; s <- read_sign sj ;; r <- items (read_at_wall n m (read_side on_walls)) rj ;; a <- sides_onto 0 free r [] ;;
      l <- items (read_step n m) nj ;; Some (Form d s a l)
  | _ => None
  end.

Definition read_tree_node (n m : Z) (j : json) : option tree_node :=
  if has_field k_dual j then
    match fields [k_dual; k_forms] j with
    | Some [dj; fj] => d <- index dj ;; f <- items (items index) fj ;; Some (Bounded d f)
    | _ => None
    end
  else
    match fields [k_split; k_plus; k_minus] j with
    | Some [w; a; b] =>
        a' <- index a ;; b' <- index b ;;
        match w with
        | Items l =>
            match l with
            | [u] => u' <- index u ;; Some (Cut u' None a' b')
            | [u; i; k] => u' <- index u ;; w' <- wall_number n m i k ;; Some (Cut u' (Some w') a' b')
            | _ => None
            end
        | _ => None
        end
    | _ => None
    end.

Definition read_bound_evidence (p : problem) (j : json) : option bound_evidence :=
  let n := count (data p) in let m := count (bends (activation_of p)) in
  match fields [k_duals; k_forms; k_nodes] j with
  | Some [dj; fj; nj] =>
      d <- items (vector n) dj ;;
      let free := tflat (fun _ => tmap (fun _ => None) (bends (activation_of p))) (data p) in
      f <- items (read_form false n m free) fj ;; t <- items (read_tree_node n m) nj ;; Some (BoundEvidence d f t)
  | _ => None
  end.
