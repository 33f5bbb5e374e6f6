(* The syntax tree of a JSON text, and how its fields are read. Strings are lists of code points. *)
From Coq Require Import ZArith QArith List Bool String Ascii.
From Exactsurf Require Import Lists Numbers.
Import ListNotations.
Open Scope Z_scope.

Definition text := list Z.

(* Fields keep their order and their duplicates. Other stands for null and for numbers that are not written with 1 to 9
   digits and nothing else. *)
Inductive json :=
  | Text (s : text)
  | Integer (n : Z)
  | Truth (b : bool)
  | Items (l : list json)
  | Fields (l : list (text * json))
  | Other.

Fixpoint codes (s : string) : text :=
  match s with EmptyString => [] | String c s' => Z.of_N (N_of_ascii c) :: codes s' end.

(* ---- Objects ---- *)
Fixpoint take_field (name : text) (l passed : list (text * json)) : option (json * list (text * json)) :=
  match l with
  | [] => None
  | (n, j) :: l' => if same n name then Some (j, rev_onto passed l') else take_field name l' ((n, j) :: passed)
  end.

(* The values of the fields of these names, which are all the fields there are. *)
Fixpoint take_fields (names : list text) (l : list (text * json)) (found : list json) : option (list json) :=
  match names with
  | [] => match l with [] => Some (rev_onto found []) | _ => None end
  | n :: names' => match take_field n l [] with None => None | Some (j, rest) => take_fields names' rest (j :: found) end
  end.
Definition fields (names : list text) (j : json) : option (list json) :=
  match j with Fields l => take_fields names l [] | _ => None end.

(* The first field of a name, whatever else there is. *)
Definition field (name : text) (j : json) : option json :=
  match j with Fields l => match take_field name l [] with None => None | Some (v, _) => Some v end | _ => None end.

Definition has_field (name : text) (j : json) : bool := match field name j with Some _ => true | None => false end.

(* ---- Lists, integers, truth values ---- *)
Definition items {A} (read : json -> option A) (j : json) : option (list A) :=
  match j with Items l => collect read l | _ => None end.
Definition index (j : json) : option Z := match j with Integer n => Some n | _ => None end.
Definition truth (j : json) : option bool := match j with Truth b => Some b | _ => None end.

(* ---- Numbers: rationals in lowest terms (FORMAT.md, section 1) ---- *)

(* The digit that a code point stands for, or -1. *)
Definition digit (base c : Z) : Z :=
  if (48 <=? c) &&& (c <=? 57) then c - 48
  else if (base =? 16) &&& (97 <=? c) &&& (c <=? 102) then c - 87
  else -1.

(* The number high * weight + low that the leading digits continue, and what follows them. `weight` keeps the many steps
   that a long number takes on short integers. *)
Definition longest_piece : Z := 2 ^ 256.
Fixpoint digits (base limit high weight low : Z) (s : text) : option (Z * text) :=
  match s with
  | [] => Some (high * weight + low, [])
  | c :: s' =>
      let d := digit base c in
      if d <? 0 then Some (high * weight + low, s)
      else if limit <=? 0 then None
      else if longest_piece <? weight then digits base (limit - 1) (high * (weight * base) + (low * base + d)) 1 0 s'
      else digits base (limit - 1) high (weight * base) (low * base + d) s'
  end.

Definition most_decimal_digits : Z := 4000.
Definition most_hexadecimal_digits : Z := 250000.

Definition whole_number (s : text) : option (Z * text) :=
  match s with
  | [] => None
  | c :: rest =>
      if c =? 48 then
        match rest with
        | x :: h => if x =? 120 then
                      match h with
                      | d :: _ => if 0 <? digit 16 d then digits 16 most_hexadecimal_digits 0 1 0 h else None
                      | [] => None
                      end
                    else Some (0, rest)
        | [] => Some (0, rest)
        end
      else if 0 <? digit 10 c then digits 10 most_decimal_digits 0 1 0 s else None
  end.

Definition unsigned_number (negative : bool) (s : text) : option Q :=
  match whole_number s with
  | None => None
  | Some (n, rest) =>
      if negative &&& (n =? 0) then None
      else
        let n := if negative then - n else n in
        match rest with
        | [] => Some (Qmake n 1)
        | c :: s' =>
            if c =? 47 then
              match whole_number s' with
              | Some (d, []) => if (2 <=? d) &&& (Z.gcd n d =? 1) then Some (Qmake n (Z.to_pos d)) else None
              | _ => None
              end
            else None
        end
  end.

Definition number (j : json) : option Q :=
  match j with
  | Text s => match s with c :: s' => if c =? 45 then unsigned_number true s' else unsigned_number false s | [] => None end
  | _ => None
  end.

Definition vector (n : Z) (j : json) : option (list Q) :=
  match items number j with Some v => if has_length n v then Some v else None | None => None end.
Definition matrix (rows columns : Z) (j : json) : option (list (list Q)) :=
  match items (vector columns) j with Some m => if has_length rows m then Some m else None | None => None end.

(* ---- Decimal text of an integer from 0 to 10^20 ---- *)
Fixpoint decimal (fuel : nat) (n : Z) (acc : text) : text :=
  match fuel with
  | O => acc
  | S fuel' => if n <? 10 then (48 + n) :: acc else decimal fuel' (n / 10) ((48 + n mod 10) :: acc)
  end.
Definition decimal_text (n : Z) : text := decimal 20 n [].
