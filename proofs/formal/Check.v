(* The whole checker: from the syntax tree of a certificate to one of three answers. *)
From Coq Require Import ZArith QArith List Bool String.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers Evaluate Json Reader CheckPaths CheckUnitwise CheckVectors CheckCurve CheckDeadUnit CheckConvex CheckSecondOrder CheckPathClaim CheckBound CheckBarrier ReadBound ReadBarrier ReadSecondOrder.
Import ListNotations.
Open Scope Z_scope.

Local Notation code s := (codes s%string) (only parsing).
Definition k_lower_points := Eval vm_compute in code "lower_points".
Definition k_rule := Eval vm_compute in code "rule".
Definition k_subgradient := Eval vm_compute in code "subgradient".
Definition k_units := Eval vm_compute in code "units".
Definition k_multipliers := Eval vm_compute in code "multipliers".
Definition k_paths := Eval vm_compute in code "paths".
Definition k_merged := Eval vm_compute in code "merged".
Definition k_unitwise := Eval vm_compute in code "unitwise".
Definition k_evidence_local_minimum := Eval vm_compute in code "local_minimum".
Definition k_descent := Eval vm_compute in code "descent".
Definition k_curve := Eval vm_compute in code "curve".
Definition k_order := Eval vm_compute in code "order".
Definition k_coefficient := Eval vm_compute in code "coefficient".
Definition k_direction := Eval vm_compute in code "direction".
Definition k_derivative := Eval vm_compute in code "derivative".
Definition k_lower_point := Eval vm_compute in code "lower_point".
Definition k_unitwise_vectors := Eval vm_compute in code "unitwise vectors".
Definition k_dead_unit := Eval vm_compute in code "dead unit".
Definition k_unit := Eval vm_compute in code "unit".
Definition k_weight_decay := Eval vm_compute in code "weight_decay".
Definition k_tree := Eval vm_compute in code "tree".
Definition k_convex_cells := Eval vm_compute in code "convex cells".
Definition k_second_order := Eval vm_compute in code "second order".
Definition k_output_weight := Eval vm_compute in code "output weight".
Definition k_positive := Eval vm_compute in code "positive".
Definition k_unsplit := Eval vm_compute in code "unsplit".
Definition k_output := Eval vm_compute in code "output".

(* Rules of the format that are not proved here (yet). *)
Definition other_rules : list text := Eval vm_compute in
  [code "positive products"; code "low rank"; code "unitwise decay"; code "kinked paths"].

(* ---- The evidence ---- *)
Definition read_pair {A} (read : json -> option A) (j : json) : option (Z * A) :=
  match j with
  | Items l => match l with [c; m] => n <- index c ;; v <- read m ;; Some (n, v) | _ => None end
  | _ => None
  end.
Definition read_node {M} (read : json -> option M) (j : json) : option (node M) :=
  if has_field k_split j then
    match fields [k_split; k_plus; k_minus] j with
    | Some [c; p; m] => c' <- index c ;; p' <- index p ;; m' <- index m ;; Some (Split c' p' m')
    | _ => None
    end
  else if has_field k_empty j then
    match fields [k_empty] j with Some [e] => l <- items (read_pair number) e ;; Some (Empty l) | _ => None end
  else
    match fields [k_multipliers] j with Some [m] => l <- read m ;; Some (Multipliers l) | _ => None end.
Definition read_unit {M} (read : json -> option M) (j : json) : option (list (node M)) :=
  match fields [k_nodes] j with Some [ns] => items (read_node read) ns | _ => None end.

(* The nodes of `convex cells`; a boundary pair [1, unit, sample] of n samples has one number as its name. *)
Definition read_boundary (n : Z) (j : json) : option Z :=
  match items index j with Some [l; u; i] => when l =? 1 ;; when i <? n ;; Some (u * n + i) | _ => None end.
Definition read_named {A} (name : json -> option Z) (read : json -> option A) (j : json) : option (Z * A) :=
  match j with Items l => match l with [c; m] => k <- name c ;; v <- read m ;; Some (k, v) | _ => None end | _ => None end.
Definition read_kink (j : json) : option (Z * Q) :=
  match j with Items l => match l with [i; k; r] => i' <- index i ;; k' <- index k ;; r' <- number r ;; when k' =? 0 ;; Some (i', r') | _ => None end | _ => None end.
Definition read_cell_leaf (n : Z) (j : json) : option leaf :=
  let more := if has_field k_unsplit j then [k_unsplit] else [] in
  match fields (k_multipliers :: k_subgradient :: k_positive :: more) j with
  | Some (mj :: sj :: pj :: uj) =>
      m <- items (read_named (read_boundary n) number) mj ;; s <- items read_kink sj ;; p <- items index pj ;;
      u <- match uj with [] => Some [] | l :: _ => items (read_named (read_boundary n) number) l end ;;
      Some (Leaf m s u p)
  | _ => None
  end.
Definition read_cell_node (n : Z) (j : json) : option (node leaf) :=
  if has_field k_split j then
    match fields [k_split; k_plus; k_minus] j with
    | Some [c; p; m] => c' <- read_boundary n c ;; p' <- index p ;; m' <- index m ;; Some (Split c' p' m')
    | _ => None
    end
  else if has_field k_output_weight j then
    match fields [k_output_weight; k_plus; k_minus] j with
    | Some [u; p; m] => u' <- index u ;; p' <- index p ;; m' <- index m ;; Some (Split (weight_name u') p' m')
    | _ => None
    end
  else if has_field k_empty j then
    match fields [k_empty] j with Some [e] => l <- items (read_named (read_boundary n) number) e ;; Some (Empty l) | _ => None end
  else l <- read_cell_leaf n j ;; Some (Multipliers l).

(* The field `subgradient`, if there is one: N rows of numbers. *)
Definition read_subgradient (p : problem) (j : json) : option (option (list (list Q))) :=
  match field k_subgradient j with
  | None => Some None
  | Some r => m <- matrix (count (data p)) (last_of 0 (widths p)) r ;; Some (Some m)
  end.

(* ---- The point ---- *)
Record point := Point { pieces_of : pieces; inputs_of : table; fit_at : fit }.
Definition fit_for (p : problem) (h : pieces) (x y : table) (ls : list layer) : fit := fit_of (loss_on p) (forward h ls x) y (tmap weight (data p)).
Definition stated_risk (p : problem) (h : pieces) (x y : table) (ls : list layer) (r : Q) : bool :=
  qeqb (risk_of (scale p) (fit_for p h x y ls)) r.

Definition check_lower_point (p : problem) (h : pieces) (x y : table) (claimed : Q) (j : json) : answer :=
  match fields [k_parameters; k_risk] j with
  | Some [tj; rj] =>
      match read_parameters p tj, number rj with
      | Some ls, Some r =>
          if within_reach p ls then if stated_risk p h x y ls r &&& qltb r claimed then Accepted else Rejected else Unknown
      | _, _ => Rejected
      end
  | _ => Rejected
  end.
Fixpoint check_all {A} (check : A -> answer) (l : list A) : answer :=
  match l with [] => Accepted | a :: l' => match check a with Accepted => check_all check l' | other => other end end.
Definition check_lower_points (p : problem) (h : pieces) (x y : table) (claimed : Q) (j : json) : answer :=
  match j with Items l => if is_nil l then Rejected else check_all (check_lower_point p h x y claimed) l | _ => Rejected end.

Definition check_local_minimum (s : point_statement) (h : pieces) (x : table) (t : fit) (j : json) : answer :=
  let p := problem_stated s in let ls := parameters_stated s in
  match field k_rule j, read_subgradient p j with
  | Some (Text rule), Some given =>
      if some (same rule) other_rules then Unknown
      else if same rule k_convex_cells then
        match fields [k_rule; k_nodes] j with
        | Some [_; nj] =>
            match items (read_cell_node (count (data p))) nj with
            | Some nodes =>
                if check_convex_cells p h ls x t nodes then Accepted else Rejected
            | None => Rejected
            end
        | _ => Rejected
        end
      else if same rule k_second_order then
        match fields [k_rule; k_nodes] j with
        | Some [_; nj] =>
            match items read_second_node nj with
            | Some nodes =>
                if negb (second_order_within_reach p ls nodes) then Unknown
                else match check_second_order p h ls nodes with
                     | Positive => Accepted
                     | NotPositive => Unknown   (* it may be positive where the tangents of the format are taken off *)
                     | NoMultipliers => Rejected
                     end
            | None => Rejected
            end
        | _ => Rejected
        end
      else
        let more := match given with None => [] | Some _ => [k_subgradient] end in
        match subgradient_of (gap_of (loss_on p)) (scale p) t given with
        | None => Rejected
        | Some r =>
            if same rule k_paths then
              if has_field k_merged j then Unknown else   (* samples with the same inputs as one *)
              match fields (k_rule :: more) j with Some _ => check_paths h ls x r | None => Rejected end
            else if same rule k_unitwise then
              match fields (k_rule :: k_units :: more) j with
              | Some (_ :: us :: _) =>
                  match items (read_unit (items (read_pair number))) us with
                  | Some units => if check_unitwise h ls x r units then Accepted else Rejected
                  | None => Rejected
                  end
              | _ => Rejected
              end
            else if same rule k_unitwise_vectors then
              match fields (k_rule :: k_units :: more) j with
              | Some (_ :: us :: _) =>
                  match items (read_unit (items (read_pair (items number)))) us with
                  | Some units => if check_unitwise_vectors h ls x r units then Accepted else Rejected
                  | None => Rejected
                  end
              | _ => Rejected
              end
            else Rejected
        end
  | _, _ => Rejected
  end.

(* A curve, or a direction (a curve with one coefficient, of order 1). *)
Definition check_fall (s : point_statement) (h : pieces) (x y : table) (curve : list (list layer)) (order : Z) (stated : Q) (lower : json) : answer :=
  let p := problem_stated s in
  match check_lower_point p h x y (risk_stated s) lower with
  | Accepted =>
      if all (within_reach p) curve then if check_curve p (parameters_stated s) curve order (risk_stated s) stated then Accepted else Rejected
      else Unknown
  | other => other
  end.
Definition most_order : Z := 100.
Definition check_descent (s : point_statement) (h : pieces) (x y : table) (t : fit) (j : json) : answer :=
  let p := problem_stated s in
  match field k_rule j with
  | Some (Text rule) =>
      if same rule k_direction then
        match fields [k_rule; k_direction; k_derivative; k_lower_point] j with
        | Some [_; dj; cj; lj] =>
            match read_parameters p dj, number cj with
            | Some d, Some c => check_fall s h x y [d] 1 c lj
            | _, _ => Rejected
            end
        | _ => Rejected
        end
      else if same rule k_curve then
        match fields [k_rule; k_curve; k_order; k_coefficient; k_lower_point] j with
        | Some [_; cj; oj; vj; lj] =>
            match items (read_parameters p) cj, index oj, number vj with
            | Some curve, Some order, Some c =>
                if negb (is_nil curve) &&& (1 <=? order) &&& (order <=? most_order) then check_fall s h x y curve order c lj else Rejected
            | _, _, _ => Rejected
            end
        | _ => Rejected
        end
      else if same rule k_dead_unit then
        match fields [k_rule; k_unit; k_output; k_delta; k_derivative; k_lower_point] j with
        | Some [_; uj; oj; dj; cj; lj] =>
            match index uj, index oj, items number dj, number cj, subgradient_of (gap_of (loss_on p)) (scale p) t None with
            | Some unit, Some output, Some delta, Some c, Some r =>
                if negb (is_short delta) then Unknown
                else
                  match check_lower_point p h x y (risk_stated s) lj with
                  | Accepted =>
                      if check_dead_unit p h (parameters_stated s) x r unit output delta (risk_stated s) c then Accepted else Rejected
                  | other => other
                  end
            | _, _, _, _, _ => Rejected
            end
        | _ => Rejected
        end
      else Rejected
  | _ => Rejected
  end.

Definition check_evidence (s : point_statement) (h : pieces) (x y : table) (t : fit) (j : json) : answer :=
  let p := problem_stated s in
  match kind_stated s with
  | LocalMinimum =>
      match fields [k_evidence_local_minimum] j with Some [m] => check_local_minimum s h x t m | _ => Rejected end
  | SpuriousLocalMinimum =>
      match fields [k_evidence_local_minimum; k_lower_points] j with
      | Some [m; l] =>
          match check_lower_points p h x y (risk_stated s) l with Accepted => check_local_minimum s h x t m | other => other end
      | _ => Rejected
      end
  | NotALocalMinimum =>
      match fields [k_descent] j with Some [d] => check_descent s h x y t d | _ => Rejected end
  end.

Definition check_statement (s : point_statement) (e : json) : answer :=
  let p := problem_stated s in
  if negb (within_reach p (parameters_stated s)) then Unknown else
  let h := compile (activation_of p) in
  let x := table_of (tmap inputs (data p)) in let y := table_of (tmap targets (data p)) in
  let t := fit_for p h x y (parameters_stated s) in
  if convex (loss_on p) &&& qeqb (risk_of (scale p) t) (risk_stated s) then check_evidence s h x y t e else Rejected.

(* ---- Paths ---- *)
Definition at_most (p : problem) (h : pieces) (x y : table) (level : Q) (ls : list layer) : bool :=
  qleb (risk_of (scale p) (fit_for p h x y ls)) level.
Definition check_path (s : path_statement) : answer :=
  let p := path_problem s in let points := points_stated s in
  if negb (all (within_reach_times (count points) p) points) then Unknown else
  let h := compile (activation_of p) in
  let x := table_of (tmap inputs (data p)) in let y := table_of (tmap targets (data p)) in
  match points with
  | [] => Rejected
  | ls :: rest =>
      if one_hidden_layer p &&& convex (loss_on p) &&& all (at_most p h x y (level_stated s)) points
         &&& check_steps (tmap fst (bends (activation_of p))) x ls rest
      then Accepted else Rejected
  end.

(* A barrier: a path, ends below its level, and what separates them. *)
Definition is_below (p : problem) (h : pieces) (x y : table) (level : Q) (ls : list layer) : bool :=
  qltb (risk_of (scale p) (fit_for p h x y ls)) level.
Definition check_barrier (s : path_statement) (ej : json) : answer :=
  match check_path s with
  | Accepted =>
      let p := path_problem s in
      match read_barrier_evidence p ej, points_stated s with
      | Some e, ls :: rest =>
          if negb (bound_within_reach p (as_bound (match ls with l :: _ => weights l | [] => [] end) e)) then Unknown else
          let h := compile (activation_of p) in
          let x := table_of (tmap inputs (data p)) in let y := table_of (tmap targets (data p)) in
          let last := last_point ls rest in
          if is_below p h x y (level_stated s) ls &&& is_below p h x y (level_stated s) last &&& check_separation p (level_stated s) ls last e
          then Accepted else Rejected
      | _, _ => Rejected
      end
  | other => other
  end.

(* ---- All parameters ---- *)
Definition check_all_parameters (s : bound_statement) (ej : json) : answer :=
  let p := bound_problem s in
  match read_bound_evidence p ej with
  | None => Rejected
  | Some e =>
      if negb (bound_within_reach p e) then Unknown
      else if negb (convex (loss_on p) &&& check_bound p (bound_stated s) e) then Rejected
      else match minimum_stated s with
           | None => Accepted
           | Some ls =>
               let h := compile (activation_of p) in
               let x := table_of (tmap inputs (data p)) in let y := table_of (tmap targets (data p)) in
               if negb (within_reach p ls) then Unknown
               else if stated_risk p h x y ls (bound_stated s) then Accepted else Rejected
           end
  end.

(* ---- What lies beyond this checker: other claims, bounds and barriers without forms, losses by expression, weight decay, data in files ---- *)
Definition most_layers : Z := 1000.
Definition says_format_2 (j : json) : bool := match field k_format j with Some (Text f) => same f k_format_2 | _ => false end.
Definition is_other_kind (k : text) : bool :=
  match kind_of k with None => negb (same k k_path ||| same k k_barrier ||| same k k_lower_bound ||| same k k_global_minimum) | Some _ => false end.
Definition has_forms (j : json) : bool :=
  says_format_2 j &&& match field k_evidence j with Some e => has_field k_forms e | None => false end.
Definition is_beyond (j : json) : bool :=
  match field k_claim j with
  | Some c => match field k_kind c with Some (Text k) => is_other_kind k | _ => false end
  | None => false
  end
  ||| (is_about_all j ||| has_kind k_barrier j) &&& negb (has_forms j)
  ||| match field k_problem j with
      | Some p =>
          match field k_data p with Some d => has_field k_csv d | None => false end
          ||| says_format_2 j &&& (has_field k_weight_decay p ||| match field k_loss p with Some l => has_field k_tree l | None => false end)
          ||| match field k_widths p with Some (Items ws) => most_layers <? count ws | _ => false end
      | None => false
      end.

Definition check (j : json) : answer :=
  if is_beyond j then Unknown
  else if has_kind k_path j then match read_path false j with None => Rejected | Some (s, _) => check_path s end
  else if has_kind k_barrier j then match read_path true j with None => Rejected | Some (s, e) => check_barrier s e end
  else if is_about_all j then match read_bound j with None => Rejected | Some (s, e) => check_all_parameters s e end
  else match read_point j with None => Rejected | Some (s, e) => check_statement s e end.
