(* SPDX-License-Identifier: GPL-2.0
 *
 * Which statements the analysis reached, a line for each function and for each statement
 * that it did not reach. An alarm can only be found in what is reached: a harness that
 * leaves something out proves nothing about it.
 *
 *   function   FILE FIRST LAST NAME CALLED REACHED STATEMENTS
 *   unreached  FILE LINE NAME
 *)
open Cil_types

(* Those that the source has, too, and not what is put in to leave blocks *)
let counts stmt =
  match stmt.skind with
  | Instr (Skip _) | Goto _ | Break _ | Continue _ | Block _ | UnspecifiedSequence _ -> false
  | Return (None, _) -> false
  | _ -> true

let line position = position.Filepath.pos_lnum

let report kf =
  match kf.fundec with
  | Declaration _ -> ()
  | Definition (definition, (first, last)) ->
    let file = Filepath.Normalized.to_pretty_string first.Filepath.pos_path in
    let name = Kernel_function.get_name kf in
    let called = Eva.Results.is_called kf in
    let all = List.filter counts definition.sallstmts in
    let missed =
      List.filter (fun stmt -> not (called && Eva.Results.is_reachable stmt)) all in
    List.iter (fun stmt ->
        Kernel.result "unreached\t%s\t%d\t%s" file
          (line (fst (Cil_datatype.Stmt.loc stmt))) name) missed;
    Kernel.result "function\t%s\t%d\t%d\t%s\t%b\t%d\t%d" file (line first) (line last) name
      called (List.length all - List.length missed) (List.length all)

let () =
  Db.Main.extend (fun () ->
      if Eva.Analysis.is_computed () then Globals.Functions.iter report)
