(* The executable checker of the rule `unitwise` (FORMAT.md, section 4.2). *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Import Lists Numbers Evaluate.
Import ListNotations.
Open Scope Z_scope.

(* ---- Trees ---- *)
Definition named (A : Type) := list (Z * A).
Inductive node (M : Type) := Split (c plus minus : Z) | Multipliers (m : M) | Empty (lambda : named Q).
Arguments Split {M}. Arguments Multipliers {M}. Arguments Empty {M}.

Fixpoint find {A} (name : Z) (l : named A) : option A :=
  match l with [] => None | (n, a) :: l' => if n =? name then Some a else find name l' end.
Definition mem {A} (name : Z) (l : named A) : bool := match find name l with None => false | Some _ => true end.
Fixpoint twice {A} (l : named A) : bool := match l with [] => false | (n, _) :: l' => mem n l' ||| twice l' end.
Fixpoint take_from {A} (name : Z) (l passed : named A) : option (A * named A) :=
  match l with
  | [] => None
  | (n, a) :: l' => if n =? name then Some (a, rev_onto passed l') else take_from name l' ((n, a) :: passed)
  end.

(* The signs of the hyperplanes that were split on the way to a node. *)
Definition signs := named bool.

(* Nodes are visited in the order of their indices: a child has a larger index than its node. `pending` are the indices
   of the children met so far, with the signs on the way to them. *)
Fixpoint walk {M} (is_plane : Z -> bool) (leaf : signs -> M -> bool) (empty : signs -> named Q -> bool)
    (i : Z) (pending : named signs) (nodes : list (node M)) : bool :=
  match nodes with
  | [] => match pending with [] => true | _ => false end
  | nd :: rest =>
      match take_from i pending [] with
      | None => false
      | Some (ss, others) =>
          match nd with
          | Split c p m =>
              if (i <? p) &&& (i <? m) &&& negb (p =? m) &&& negb (mem p others) &&& negb (mem m others) &&& is_plane c
                 &&& negb (mem c ss)
              then walk is_plane leaf empty (i + 1) ((p, (c, true) :: ss) :: (m, (c, false) :: ss) :: others) rest
              else false
          | Multipliers mu => if leaf ss mu then walk is_plane leaf empty (i + 1) others rest else false
          | Empty la => if empty ss la then walk is_plane leaf empty (i + 1) others rest else false
          end
      end
  end.

(* ---- Hyperplanes of a unit: a primitive integer vector with a first non-zero entry > 0, and the sum of the bends ---- *)
Record plane := Plane { normal : list Z; curvature : Z }.

Fixpoint lead (v : list Z) : Z := match v with [] => 0 | a :: v' => if a =? 0 then lead v' else a end.
Definition divisor (v : list Z) : Z := let g := fold Z.gcd 0 v in if lead v <? 0 then - g else g.
Fixpoint add_plane (name : Z) (v : list Z) (k : Z) (ps passed : named plane) : named plane :=
  match ps with
  | [] => (name, Plane v k) :: passed
  | (n, p) :: ps' =>
      if same v (normal p) then rev_onto passed ((n, Plane (normal p) (curvature p + k)) :: ps')
      else add_plane name v k ps' ((n, p) :: passed)
  end.

(* Samples at a breakpoint, with whole numbers x s for a common denominator s: |x . d| = |g|/s |normal . d|. *)
Definition bend_of (r : Z) (p : place) : Z := r * (fst (right_line p) - fst (left_line p)).
Fixpoint gather_planes (i : Z) (samples : list (list Z * (Z * place))) (ps : named plane) : option (named plane) :=
  match samples with
  | [] => Some ps
  | (x, (r, p)) :: rest =>
      if at_break p &&& negb (is_zero x) then
        let g := divisor x in let v := tmap (fun a => a / g) x in
        if same (tmap (Z.mul g) v) x then gather_planes (i + 1) rest (add_plane i v (bend_of r p * Z.abs g) ps []) else None
      else gather_planes (i + 1) rest ps
  end.

(* g and kappa times sign v (or 1 where v = 0): gradient[p] and curvature * factor. *)
Record local_form := LocalForm { gradient : list Q; planes : named plane; kappa_unit : Q }.

Definition scaled_mu (p : plane) (mu : Q) : Q := Qmake (Qnum mu) (Qden mu * Z.to_pos (lead (normal p))).
Definition kappa (f : local_form) (p : plane) : Q := Qmake (curvature p * Qnum (kappa_unit f)) (Qden (kappa_unit f)).

(* The listed planes with the numbers that go with them, in units of the primitive vectors. *)
Definition listed (f : local_form) (l : named Q) : option (list (Z * (plane * Q))) :=
  if count (planes f) <? count l then None      (* before the slower test whether one is listed twice *)
  else if twice l ||| negb (is_short (tmap snd l)) then None
  else collect (fun cm => match find (fst cm) (planes f) with
                          | None => None
                          | Some p => if 0 <? lead (normal p) then Some (fst cm, (p, scaled_mu p (snd cm))) else None end) l.
Definition add_scaled (m : Z) (acc v : list Z) : list Z := tzip (fun a n => a + m * n) acc v.
Definition combination (n : list Q) (l : list (list Z * Q)) : list Z * positive :=
  let '(ms, d) := align (tmap snd l) in
  (fold (fun acc vm => add_scaled (snd vm) acc (fst vm)) (tmap (fun _ => 0) n) (tzip (fun v m => (fst v, m)) l ms), d).
Fixpoint equal_to (d : positive) (v : list Z) (g : list Q) : bool :=
  match v, g with
  | [], [] => true | a :: v', q :: g' => (a * Zpos (Qden q) =? Qnum q * Zpos d) &&& equal_to d v' g' | _, _ => false end.

(* tau mu + kappa >= 0 if split with sign tau, |mu| <= kappa if not. *)
Definition mu_fits (k mu : Q) (s : option bool) : bool :=
  match s with
  | None => qleb (qopp k) mu &&& qleb mu k
  | Some true => qleb (qopp k) mu
  | Some false => qleb mu k
  end.
Definition leaf_holds (f : local_form) (ss : signs) (mu : named Q) : bool :=
  match listed f mu with
  | None => false
  | Some l =>
      all (fun e => mu_fits (kappa f (fst (snd e))) (snd (snd e)) (find (fst e) ss)) l
      &&& all (fun np => (0 <=? curvature (snd np)) ||| mem (fst np) mu) (planes f)
      &&& let '(v, d) := combination (gradient f) (tmap (fun e => (normal (fst (snd e)), snd (snd e))) l) in equal_to d v (gradient f)
  end.
Definition signed (s : option bool) (q : Q) : Q := match s with Some false => qopp q | _ => q end.
Definition is_empty (f : local_form) (ss : signs) (la : named Q) : bool :=
  match listed f la with
  | None => false
  | Some l =>
      all (fun e => mem (fst e) ss &&& qleb 0 (snd (snd e))) l &&& some (fun e => qltb 0 (snd (snd e))) l
      &&& is_zero (fst (combination (gradient f) (tmap (fun e => (normal (fst (snd e)), signed (find (fst e) ss) (snd (snd e)))) l)))
  end.

(* ---- A unit ---- *)

(* The samples of one hidden layer with the bias as one more input. *)
Definition append {A} (l : list A) (a : A) : list A := rev_onto (rev_onto l []) [a].
Definition extend (b : bool) (t : table) : table := if b then (tmap (fun row => append row 1) (fst t), append (snd t) 1%positive) else t.
Definition extended_rows (l : layer) : list (list Q) :=
  match bias l with None => weights l | Some b => tzip append (weights l) b end.

Record unitwise := Unitwise { rows : list (list Z); wholes : list (list Z); columns : list (list Z); dens : list positive; whole : positive; rs : list Z; half : Q }.
Definition unitwise_of (h : pieces) (t : table) (r : list Z) (factor : Q) : unitwise :=
  let d := fold common 1%positive (snd t) in
  Unitwise (fst t) (tmap (rescale d (snd t)) (fst t)) (transpose (fst t)) (snd t) d r (Qmake (Qnum factor) (Qden factor * (2 * unit_of h))).

Definition form_of (u : unitwise) (s : Z) (ps : list place) : option local_form :=
  let sums := tzip (fun r p => s * (r * (fst (left_line p) + fst (right_line p)))) (rs u) ps in
  let g := tzip (fun col d => Qmake (zdot 0 sums col * Qnum (half u)) (Qden (half u) * d)) (columns u) (dens u) in
  match gather_planes 0 (tzip pair (wholes u) (tzip (fun r p => (s * r, p)) (rs u) ps)) [] with
  | None => None
  | Some found => Some (LocalForm g found (Qmake (Qnum (half u)) (Qden (half u) * whole u)))
  end.

Definition is_still_form (f : local_form) : bool :=
  all (fun q => Qnum q =? 0) (gradient f) &&& all (fun np => curvature (snd np) =? 0) (planes f).

Definition is_nil {A} (l : list A) : bool := match l with [] => true | _ => false end.

Definition check_unit (h : pieces) (u : unitwise) (w : list Q) (v : Q) (nodes : list (node (named Q))) : bool :=
  let row := make_unit (dens u) w 0 in
  let d := denominator row in
  let zs := tmap (zdot (constant row) (factors row)) (rows u) in
  let ps := tmap (fun z => place_of h z d) zs in
  (zdot 0 (rs u) (tzip (fun z p => value_on (right_line p) z d) zs ps) =? 0)
  &&& match form_of u (if qltb v 0 then -1 else 1) ps with
      | None => false
      | Some f =>
          if Qnum v =? 0 then is_nil nodes &&& is_still_form f
          else negb (is_nil nodes) &&& walk (fun c => mem c (planes f)) (leaf_holds f) (is_empty f) 0 [(0, [])] nodes
      end.

Fixpoint check_units (h : pieces) (u : unitwise) (ws : list (list Q)) (vs : list Q) (units : list (list (node (named Q)))) : bool :=
  match ws, vs, units with
  | [], [], [] => true
  | w :: ws', v :: vs', t :: units' => check_unit h u w v t &&& check_units h u ws' vs' units'
  | _, _, _ => false
  end.

Definition first_of (row : list Z) : Z := match row with r :: _ => r | [] => 0 end.

Definition check_unitwise (h : pieces) (ls : list layer) (x : table) (r : subgradient) (units : list (list (node (named Q)))) : bool :=
  match ls with
  | [l1; l2] =>
      match weights l2 with
      | [vs] =>
          let r1 := tmap first_of (r_rows r) in
          match bias l2 with None => true | Some _ => zsum r1 =? 0 end
          &&& let t := extend (match bias l1 with None => false | Some _ => true end) x in
              check_units h (unitwise_of h t r1 (r_factor r)) (extended_rows l1) vs units
      | _ => false
      end
  | _ => false
  end.
