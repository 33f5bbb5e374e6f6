(* What a certificate says, in rational numbers, and its evaluation: forward pass, risk, subgradient. *)
From Coq Require Import ZArith QArith List Bool.
From Exactsurf Require Network.
From Exactsurf Require Import Lists Numbers.
Import ListNotations.
Open Scope Z_scope.

Record activation := Activation { first_slope : Q; value_at_0 : Q; bends : list (Q * Q) }.
Record layer := Layer { weights : list (list Q); bias : option (list Q) }.
Definition quadratic := (Q * Q * Q)%type.
Record loss := Loss { gap_of : Network.gap; first_piece : quadratic; more_pieces : list (Q * quadratic) }.
Record sample := Sample { inputs : list Q; targets : list Q; weight : Q }.
Record problem := Problem {
  widths : list Z; biases : list bool; activation_of : activation; loss_on : loss; scale : Q; data : list sample }.

(* ---- The activation: its pieces are lines a z + c, with integers a and c over one denominator ---- *)
Definition line := (Z * Z)%type.
Record pieces := Pieces { unit_of : positive; first_line : line; more_lines : list (Q * line) }.

(* The intercept on the far left: at 0, all bends below 0 have been passed. *)
Definition first_intercept (h : activation) : Q :=
  fst (fold (fun st ta => let '(c, before) := st in
               (if qltb (fst ta) 0 then qadd c (qmul (qadd (snd ta) (qopp before)) (fst ta)) else c, snd ta))
            (value_at_0 h, first_slope h) (bends h)).
(* The lines behind the first one, the last one first. *)
Definition next_lines (h : activation) : list (Q * (Q * Q)) :=
  snd (fold (fun st ta => let '((a, c), found) := st in
               let next := (snd ta, qadd c (qmul (qadd a (qopp (snd ta))) (fst ta))) in (next, (fst ta, next) :: found))
            ((first_slope h, first_intercept h), []) (bends h)).
Definition compile (h : activation) : pieces :=
  let a := first_slope h in let c := first_intercept h in let ks := rev_onto (next_lines h) [] in
  let d := fold (fun d k => common (common d (Qden (fst (snd k)))) (Qden (snd (snd k)))) (common (common 1 (Qden a)) (Qden c)) ks in
  Pieces d (over d a, over d c) (tmap (fun k => (fst k, (over d (fst (snd k)), over d (snd (snd k))))) ks).

(* The lines left and right of z/d, and whether it is a breakpoint. *)
Record place := Place { left_line : line; right_line : line; at_break : bool }.
Fixpoint locate (ln : line) (ks : list (Q * line)) (z : Z) (d : positive) : place :=
  match ks with
  | [] => Place ln ln false
  | (t, next) :: rest =>
      let n := z * Zpos (Qden t) in let m := Qnum t * Zpos d in
      if n <? m then Place ln ln false else if n =? m then Place ln next true else locate next rest z d
  end.
Definition place_of (h : pieces) (z : Z) (d : positive) : place := locate (first_line h) (more_lines h) z d.
Definition value_on (ln : line) (z : Z) (d : positive) : Z := fst ln * z + snd ln * Zpos d.

(* ---- The forward pass ---- *)

(* A unit reads a row of a table with z = (constant + weights . row) / denominator. *)
Record unit_row := UnitRow { constant : Z; factors : list Z; denominator : positive }.
Definition make_unit (ds : list positive) (w : list Q) (b : Q) : unit_row :=
  let ws := tzip (fun q d => Qmake (Qnum q) (Qden q * d)) w ds in
  let d := common_of (Qden b) ws in UnitRow (over d b) (tmap (over d) ws) d.
Definition make_units (ds : list positive) (l : layer) : list unit_row :=
  match bias l with None => tmap (fun w => make_unit ds w 0) (weights l) | Some b => tzip (make_unit ds) (weights l) b end.
Definition read_row (us : list unit_row) (row : list Z) : list Z := tmap (fun u => zdot (constant u) (factors u) row) us.
Definition activate (h : pieces) (ds : list positive) (zs : list Z) : list Z :=
  tzip (fun z d => value_on (right_line (place_of h z d)) z d) zs ds.

Fixpoint forward (h : pieces) (ls : list layer) (t : table) : table :=
  match ls with
  | [] => t
  | l :: rest =>
      let us := make_units (snd t) l in let ds := tmap denominator us in
      match rest with
      | [] => (tmap (read_row us) (fst t), ds)
      | _ => forward h rest (tmap (fun row => activate h ds (read_row us row)) (fst t), tmap (Pos.mul (unit_of h)) ds)
      end
  end.

(* ---- The loss: pieces k0 + k1 n + k2 n^2 with integers over one denominator, for gaps n over the denominator e ---- *)
Definition zquadratic := (Z * Z * Z)%type.
Record losses := Losses { loss_unit : positive; gap_unit : positive; first_quadratic : zquadratic; more_quadratics : list (Z * zquadratic) }.

Definition common_quadratic (d : positive) (q : quadratic) : positive :=
  let '(c0, c1, c2) := q in common (common (common d (Qden c0)) (Qden c1)) (Qden c2).
Definition over_quadratic (d e : positive) (q : quadratic) : zquadratic :=
  let '(c0, c1, c2) := q in (over d c0 * (Zpos e * Zpos e), over d c1 * Zpos e, over d c2).
Definition compile_loss (l : loss) (e0 : positive) : losses :=
  let d := fold (fun d k => common_quadratic d (snd k)) (common_quadratic 1 (first_piece l)) (more_pieces l) in
  let e := fold (fun e k => common e (Qden (fst k))) e0 (more_pieces l) in
  Losses d e (over_quadratic d e (first_piece l)) (tmap (fun k => (over e (fst k), over_quadratic d e (snd k))) (more_pieces l)).

Fixpoint locate_quadratic (q : zquadratic) (ks : list (Z * zquadratic)) (n : Z) : zquadratic * zquadratic :=
  match ks with
  | [] => (q, q)
  | (t, q') :: rest => if n <? t then (q, q) else if n =? t then (q, q') else locate_quadratic q' rest n
  end.
Definition quadratics_at (l : losses) (n : Z) : zquadratic * zquadratic := locate_quadratic (first_quadratic l) (more_quadratics l) n.
Definition zvalue (q : zquadratic) (n : Z) : Z := let '(k0, k1, k2) := q in k0 + n * (k1 + k2 * n).
Definition zslope (q : zquadratic) (n : Z) : Z := let '(k0, k1, k2) := q in k1 + 2 * (k2 * n).

(* Continuous, and its slopes never fall: the loss is convex. *)
Definition qvalue (q : quadratic) (u : Q) : Q := let '(c0, c1, c2) := q in qadd c0 (qmul u (qadd c1 (qmul c2 u))).
Definition qslope (q : quadratic) (u : Q) : Q := let '(c0, c1, c2) := q in qadd c1 (qmul (qadd c2 c2) u).
Definition bowl (q : quadratic) : bool := qleb 0 (snd q).
Fixpoint convex_from (t0 : option Q) (q : quadratic) (ks : list (Q * quadratic)) : bool :=
  bowl q &&&
  match ks with
  | [] => true
  | (t, q') :: rest =>
      match t0 with None => true | Some s => qltb s t end
      &&& qeqb (qvalue q t) (qvalue q' t) &&& qleb (qslope q t) (qslope q' t) &&& convex_from (Some t) q' rest
  end.
Definition convex (l : loss) : bool := convex_from None (first_piece l) (more_pieces l).

(* Targets that the gap needs: 1 and -1; one 1 and zeros. *)
Definition label (g : Network.gap) (y : list Q) : bool :=
  match g with
  | Network.Difference => true
  | Network.Margin => all (fun b => qeqb b 1 ||| qeqb b (Qmake (-1) 1)) y
  | Network.Classes => all (fun b => qeqb b 1 ||| qeqb b 0) y &&& (count (tfilter (fun b => qeqb b 1) y) =? 1)
  end.

(* The gaps of one sample: predictions a and targets b over e. The right one of several classes has none. *)
Fixpoint right_prediction (acc : Z) (e : Z) (f y : list Z) : Z :=
  match f, y with a :: f', b :: y' => right_prediction (if b =? e then acc + a else acc) e f' y' | _, _ => acc end.
Definition gap_at (g : Network.gap) (e right a b : Z) : option Z :=
  match g with
  | Network.Difference => Some (a - b)
  | Network.Margin => Some (if 0 <? b then a else - a)
  | Network.Classes => if b =? e then None else Some (a - right)
  end.
Definition gaps_of (g : Network.gap) (e : Z) (f y : list Z) : list (option Z) :=
  tzip (gap_at g e (right_prediction 0 e f y)) f y.

(* ---- The risk ---- *)

(* Of every sample: targets and gaps over the denominator of the gaps, the weight over one of its own. *)
Record fit_row := FitRow { row_targets : list Z; row_gaps : list (option Z); row_weight : Z }.
Record fit := Fit { fit_loss : losses; weight_unit : positive; fit_rows : list fit_row }.
Definition rescale (e : positive) (ds : list positive) (row : list Z) : list Z := tzip (fun n d => n * (Zpos e / Zpos d)) row ds.
Definition fit_of (l : loss) (f y : table) (ws : list Q) : fit :=
  let e0 := fold common (fold common 1%positive (snd f)) (snd y) in
  let ls := compile_loss l e0 in let e := gap_unit ls in let d := common_of 1 ws in
  Fit ls d (tzip (fun ab w => let a := rescale e (snd f) (fst ab) in let b := rescale e (snd y) (snd ab) in
                    FitRow b (gaps_of (gap_of l) (Zpos e) a b) (over d w))
                 (tzip pair (fst f) (fst y)) ws).
Definition gap_value (ls : losses) (acc : Z) (n : option Z) : Z :=
  match n with None => acc | Some n => acc + zvalue (fst (quadratics_at ls n)) n end.
Definition risk_of (s : Q) (t : fit) : Q :=
  let ls := fit_loss t in let total := fold (fun acc row => acc + row_weight row * fold (gap_value ls) 0 (row_gaps row)) 0 (fit_rows t) in
  Qmake (Qnum s * total) (Qden s * (weight_unit t * (loss_unit ls * (gap_unit ls * gap_unit ls)))).

(* ---- Subgradients: integers for every sample and output, times one factor ---- *)
Definition slopes_at (ls : losses) (n : Z) : Z * Z := let '(q, q') := quadratics_at ls n in (zslope q n, zslope q' n).
Definition is_kink (ls : losses) (n : option Z) : bool :=
  match n with None => false | Some n => let '(a, b) := slopes_at ls n in negb (a =? b) end.
Definition has_kinks (t : fit) : bool := some (fun row => some (is_kink (fit_loss t)) (row_gaps row)) (fit_rows t).

(* From the slopes of the terms to those of the risk in the predictions, and back. *)
Definition spread (g : Network.gap) (e : Z) (rho y : list Z) : list Z :=
  match g with
  | Network.Difference => rho
  | Network.Margin => tzip (fun r b => if 0 <? b then r else - r) rho y
  | Network.Classes => let s := zsum rho in tzip (fun r b => if b =? e then - s else r) rho y
  end.
Definition gather (g : Network.gap) (e : Z) (r y : list Z) : list Z :=
  match g with
  | Network.Difference => r
  | Network.Margin => tzip (fun r b => if 0 <? b then r else - r) r y
  | Network.Classes => tzip (fun r b => if b =? e then 0 else r) r y
  end.
Definition smooth_slope (ls : losses) (n : option Z) : Z := match n with None => 0 | Some n => fst (slopes_at ls n) end.

(* rho/p lies between the slopes left and right, which are integers over q. *)
Definition between (ls : losses) (p q : Z) (rho : Z) (n : option Z) : bool :=
  match n with
  | None => rho =? 0
  | Some n => let '(a, b) := slopes_at ls n in (a * p <=? rho * q) &&& (rho * q <=? b * p)
  end.

(* Whether the numbers of a table have a common denominator of a reasonable size. *)
Definition is_short_table (rows : list (list Q)) : bool := match fold (fold (measure most_bits)) (Some (1%positive, 0)) rows with None => false | Some _ => true end.

Record subgradient := Subgradient { r_rows : list (list Z); r_factor : Q }.
Definition subgradient_of (g : Network.gap) (s : Q) (t : fit) (given : option (list (list Q))) : option subgradient :=
  let ls := fit_loss t in let e := Zpos (gap_unit ls) in
  match given with
  | None =>
      if has_kinks t then None
      else Some (Subgradient (tmap (fun row => tmap (Z.mul (row_weight row)) (spread g e (tmap (smooth_slope ls) (row_gaps row)) (row_targets row))) (fit_rows t))
                             (Qmake (Qnum s) (Qden s * (weight_unit t * (loss_unit ls * gap_unit ls)))))
  | Some r =>
      if has_kinks t &&& is_short_table r then
        let d := fold common_of 1%positive r in
        let rows := tmap (tmap (over d)) r in
        if (count rows =? count (fit_rows t))
           &&& all (fun x : bool => x)
                 (tzip (fun row own =>
                          let c := Qmake (Qnum s * row_weight own) (Qden s * weight_unit t) in
                          let p := Qnum c * Zpos d in let q := Zpos (Qden c) * (Zpos (loss_unit ls) * e) in
                          let rho := gather g e row (row_targets own) in
                          (count row =? count (row_gaps own)) &&& same (spread g e rho (row_targets own)) row
                          &&& all (fun x : bool => x) (tzip (between ls p q) rho (row_gaps own))) rows (fit_rows t))
        then Some (Subgradient rows (Qmake 1 d)) else None
      else None
  end.

(* ---- Whether an evaluation, or many like it, is within reach ---- *)
Definition most_work : Z := 2 ^ 33.
Definition most_comparisons : Z := 2 ^ 27.   (* with the breakpoints of activation and loss *)
Definition measure_layer (st : option (positive * Z)) (l : layer) : option (positive * Z) :=
  fold (measure few_bits) (fold (fold (measure few_bits)) st (weights l)) (match bias l with None => [] | Some b => b end).
Definition measure_quadratic (st : option (positive * Z)) (q : quadratic) : option (positive * Z) :=
  let '(a, b, c) := q in measure few_bits (measure few_bits (measure few_bits st a) b) c.
Definition within_reach_times (times : Z) (p : problem) (ls : list layer) : bool :=
  let h := activation_of p in let l := loss_on p in
  let st := fold (fun st s => measure few_bits (fold (measure few_bits) (fold (measure few_bits) st (inputs s)) (targets s)) (weight s)) (Some (1%positive, 0)) (data p) in
  let st := fold (fun st k => measure few_bits (measure few_bits st (fst k)) (snd k)) (measure few_bits (measure few_bits st (first_slope h)) (value_at_0 h)) (bends h) in
  let st := fold (fun st k => measure_quadratic (measure few_bits st (fst k)) (snd k)) (measure_quadratic st (first_piece l)) (more_pieces l) in
  match fold measure_layer st ls with
  | None => false
  | Some (d, longest) =>
      (times * count (data p) * zsum (widths p) * (count (bends h) + count (more_pieces l)) <=? most_comparisons)
      &&& (times * (Z.log2 (Zpos d) + longest + 64) * (count ls + 1) * (count (data p) * zsum (widths p)) <=? most_work)
  end.
Definition within_reach (p : problem) (ls : list layer) : bool := within_reach_times 1 p ls.
