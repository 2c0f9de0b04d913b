"""Who gets what from every private address, written by hand from what the product promises.

A block begins with the name of an address and what stands in it; below it one line for each
method and group of people: one answer for all states, or one for each of them. Who is not named
gets 404. A method that is not named gets 405, whoever asks.

This is the source of the tests; nothing here is taken from the rules of the code.
"""

#                                    draft  submitted  under_review  returned  validated  published
REPORTS = """
my_reports
  GET   logged_in                    200
  GET   nobody                       302
report report
  GET   own administrator            200
  GET   coalition                    404    302        302           302       302        302
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
report_workbook report
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
report_upload report
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          422    403        403           422       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_upload_preview report open_upload
  GET   contributor                  200    403        403           200       403        403
  GET   approver                     404    403        403           404       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  contributor                  302    403        403           302       403        403
  POST  approver                     404    403        403           404       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_upload_marked report open_upload
  GET   contributor                  200    403        403           200       403        403
  GET   approver                     404    403        403           404       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
report_upload_discard report open_upload
  POST  contributor                  302    403        403           302       403        403
  POST  approver                     404    403        403           404       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
remark_reply report first_remark
  POST  own                          404    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
light_reply report rated_line
  GET   own                          403    403        403           403       200        200
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          403    403        403           403       302        302
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_content report
  GET   own administrator            200
  GET   coalition                    404    200        200           404       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
report_sheet report
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
report_start report
  GET   own                          302    403        403           302       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
report_fill report indicators-1
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report actions-1
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report narrative
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_fill report evidence
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_save report narrative
  POST  own                          200    403        403           200       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
report_paste report first_line
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          422    403        403           422       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence_add report
  POST  own                          302    403        403           302       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence file
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       200        200
  GET   nobody                       302
evidence protected_file
  GET   own administrator            200
  GET   coalition                    404    200        200           200       200        200
  GET   nobody                       302
evidence later_file
  GET   own administrator            404    404        404           200       404        404
  GET   nobody                       302
evidence_remove file
  GET   own                          200    403        403           200       403        403
  GET   administrator                403
  GET   coalition                    404    403        403           403       403        403
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own                          302    403        403           409       403        403
  POST  administrator                403
  POST  coalition                    404    403        403           403       403        403
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
evidence_remove later_file
  GET   own                          404    404        404           200       404        404
  GET   administrator                404    404        404           403       404        404
  GET   nobody                       302
  POST  own                          404    404        404           302       404        404
  POST  administrator                404    404        404           403       404        404
  POST  nobody                       401
"""

# Each decision: GET asks, POST carries out. In a wrong state everybody who sees the report hears
# 409; in a right one only its people get through and others who see the report hear 403.
DECISIONS = """
report_decide report submit
  GET   own administrator            403    409        409           403       409        409
  GET   approver                     200    409        409           200       409        409
  GET   coalition                    404    409        409           403       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            403    409        409           403       409        409
  POST  approver                     302    409        409           302       409        409
  POST  coalition                    404    409        409           403       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report submit_on_behalf
  GET   own                          403    409        409           403       409        409
  GET   administrator                200    409        409           200       409        409
  GET   coalition                    404    409        409           403       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own                          403    409        409           403       409        409
  POST  administrator                302    409        409           302       409        409
  POST  coalition                    404    409        409           403       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report withdraw
  GET   own administrator            409    403        409           409       409        409
  GET   approver                     409    200        409           409       409        409
  GET   coalition                    404    403        409           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    403        409           409       409        409
  POST  approver                     409    302        409           409       409        409
  POST  coalition                    404    403        409           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report take
  GET   own administrator            409    403        409           409       409        409
  GET   coalition                    404    200        409           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    403        409           409       409        409
  POST  coalition                    404    302        409           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report return
  GET   own administrator            409    409        403           409       409        409
  GET   reviewer lead                404    409        200           409       409        409
  GET   second_reviewer              404    409        403           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    409        403           409       409        409
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report validate
  GET   own administrator            409    409        403           409       409        409
  GET   reviewer lead                404    409        200           409       409        409
  GET   second_reviewer              404    409        403           409       409        409
  GET   observer                     404    404        404           404       409        409
  GET   nobody                       302
  POST  own administrator            409    409        403           409       409        409
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       409        409
  POST  nobody                       401
report_decide report reopen
  GET   own administrator            409    409        409           409       403        403
  GET   reviewer second_reviewer     404    409        409           409       403        403
  GET   lead                         404    409        409           409       200        200
  GET   observer                     404    404        404           404       403        403
  GET   nobody                       302
  POST  own administrator            409    409        409           409       403        403
  POST  reviewer second_reviewer     404    409        409           409       403        403
  POST  lead                         404    409        409           409       302        302
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
"""

COALITION = """
review_queue
  GET   logged_in                    403
  GET   coalition                    200
  GET   foreign_reviewer             200
  GET   foreign_lead                 200
  GET   nobody                       302
review report
  GET   own administrator            302
  GET   coalition                    404    200        200           200       200        200
  GET   observer                     404    404        404           404       302        302
  GET   nobody                       302
  HEAD  own administrator            302
  HEAD  coalition                    404    200        200           200       200        200
  HEAD  observer                     404    404        404           404       302        302
  HEAD  nobody                       302
  POST  own administrator            403
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
review_save report narrative
  POST  own administrator            403
  POST  reviewer lead                404    409        200           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
review_accept report
  GET   own administrator            302
  GET   coalition                    404    302        302           302       302        302
  GET   reviewer lead                404    302        200           302       302        302
  GET   observer                     404    404        404           404       302        302
  GET   nobody                       302
  HEAD  own administrator            302
  HEAD  coalition                    404    302        302           302       302        302
  HEAD  reviewer lead                404    302        200           302       302        302
  HEAD  observer                     404    404        404           404       302        302
  HEAD  nobody                       302
  POST  own administrator            403
  POST  reviewer lead                404    409        302           409       409        409
  POST  second_reviewer              404    409        403           409       409        409
  POST  observer                     404    404        404           404       403        403
  POST  nobody                       401
quarters
  GET   logged_in                    200
  GET   nobody                       302
quarters_data
  GET   logged_in                    200
  GET   nobody                       302
  POST  logged_in                    422
  POST  in_plan                      302
  POST  nobody                       401
exports
  GET   logged_in                    200
  GET   nobody                       302
export export
  GET   contributor                  200
  GET   nobody                       302
export_file export
  GET   contributor                  200
  GET   nobody                       302
quarter period
  GET   in_plan                      200
  GET   nobody                       302
computed period I1
  GET   coalition administrator observer 200
  GET   nobody                       302
computed period S1
  GET   own coalition administrator  404    404        404           404       200        200
  GET   nobody                       302
quarter_lights period
  GET   in_plan                      200
  GET   nobody                       302
quarter_differences period
  GET   in_plan                      200
  GET   nobody                       302
matrix
  GET   logged_in                    200
  GET   roleless                     403
  GET   nobody                       302
quarter_workbook period
  GET   in_plan                      200
  GET   nobody                       302
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
history_batch draft_import
  GET   administrator                200
  GET   nobody                       302
  POST  administrator                302
  POST  nobody                       401
history_batch stored_import
  GET   administrator                200
  GET   nobody                       302
  POST  administrator                200
  POST  nobody                       401
publish period
  GET   in_plan                      403
  GET   lead                         200
  GET   nobody                       302
  HEAD  in_plan                      403
  HEAD  lead                         200
  HEAD  nobody                       302
  POST  in_plan                      403
  POST  lead                         409    409        409           409       302        409
  POST  nobody                       401
"""

# What no state of a report changes: files of lists, accounts, and what watches the site. A log-in
# page sends on who is logged in already.
ONCE = """
my_reports ?export=csv
  GET   logged_in                    200
  GET   nobody                       302
work
  GET   everybody                    302
report_decide report publish
  GET   everybody                    404
  GET   nobody                       302
  POST  everybody                    404
  POST  nobody                       401
review_queue ?export=csv
  GET   logged_in                    403
  GET   coalition                    200
  GET   foreign_reviewer             200
  GET   foreign_lead                 200
  GET   nobody                       302
quarters ?export=csv
  GET   logged_in                    200
  GET   nobody                       302
matrix ?export=csv
  GET   logged_in                    200
  GET   roleless                     403
  GET   nobody                       302
matrix ?plan=AL
  GET   in_plan                      200
  GET   roleless                     403
  GET   nobody                       302
quarter_lights period ?export=csv
  GET   in_plan                      200
  GET   nobody                       302
quarter_differences period ?export=xlsx
  GET   in_plan                      200
  GET   nobody                       302
quarter period ?export=xlsx
  GET   in_plan                      200
  GET   nobody                       302
history
  GET   logged_in                    403
  GET   administrator                200
  GET   nobody                       302
  POST  logged_in                    403
  POST  administrator                422
  POST  nobody                       401
history ?export=xlsx
  GET   logged_in                    403
  GET   administrator                200
  GET   nobody                       302
  POST  logged_in                    403
  POST  administrator                422
  POST  nobody                       401
history_batch stored_import ?export=csv
  GET   administrator                200
  GET   nobody                       302
  POST  administrator                200
  POST  nobody                       401
history_forget kept_mapping
  POST  administrator                302
  POST  nobody                       401
history_mapping draft_import
  GET   administrator                200
  GET   nobody                       302
history_store draft_import
  POST  administrator                302
  POST  nobody                       401
history_store stored_import
  POST  administrator                409
  POST  nobody                       401
history_discard draft_import
  POST  administrator                302
  POST  nobody                       401
history_undo draft_import
  POST  administrator                409
  POST  nobody                       401
history_undo stored_import
  POST  administrator                302
  POST  nobody                       401
login
  GET   logged_in                    302
  GET   nobody                       200
  HEAD  logged_in                    302
  HEAD  nobody                       200
  POST  logged_in                    302
  POST  nobody                       200
  PUT   logged_in                    302
  PUT   nobody                       200
  DELETE  logged_in                  302
  DELETE  nobody                     405
logout
  POST  everybody                    302
password_change
  GET   logged_in                    200
  GET   nobody                       302
  HEAD  logged_in                    200
  HEAD  nobody                       302
  POST  logged_in                    200
  POST  nobody                       302
  PUT   logged_in                    200
  PUT   nobody                       302
  DELETE  nobody                     302
password_change_done
  GET   logged_in                    200
  GET   nobody                       302
  HEAD  logged_in                    200
  HEAD  nobody                       302
  POST  nobody                       302
  PUT   nobody                       302
  DELETE  nobody                     302
healthz
  GET   everybody                    200
  HEAD  everybody                    200
  POST  everybody                    200
  PUT   everybody                    200
  DELETE  everybody                  200
set_language
  GET   everybody                    302
  HEAD  everybody                    302
  POST  everybody                    302
  PUT   everybody                    302
  DELETE  everybody                  302
favicon
  GET   everybody                    302
  HEAD  everybody                    302
  POST  everybody                    302
  PUT   everybody                    302
  DELETE  everybody                  302
"""

# What is planted in the report of one ministry, and who may read it where. "-" is nobody. What was
# typed again after the return stands in the place of the figure, for those who see the live report.
CANARIES = """
narrative
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
rating
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
note
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
figure
  own administrator                  x      x          x             -         x          x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
protected_figure
  own administrator                  x
  coalition                          -      x          x             x         x          x
protected_note
  own administrator                  x
  coalition                          -      x          x             x         x          x
money
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
action_note
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
file_name
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
file_content
  own administrator                  x
  coalition                          -      x          x             x         x          x
  observer                           -      -          -             -         x          x
protected_file_name
  own administrator                  x
  coalition                          -      x          x             x         x          x
protected_file_content
  own administrator                  x
  coalition                          -      x          x             x         x          x
remark
  own administrator                  -      -          -             x         x          x
  coalition                          -      -          x             x         x          x
coalition_rating
  own administrator                  -      -          -             x         x          x
  coalition                          -      -          x             x         x          x
  observer                           -      -          -             -         x          x
light_reply
  own administrator                  -      -          -             -         x          x
  coalition                          -      -          -             -         x          x
  observer                           -      -          -             -         x          x
return_reason
  own administrator coalition        -      -          -             x         -          -
typed_again
  own administrator                  -      -          -             x         -          -
typed_figure
  own administrator                  -      -          -             x         -          -
later_file_name
  own administrator                  -      -          -             x         -          -
later_file_content
  own administrator                  -      -          -             x         -          -
open_upload
  own                                x      -          -             x         -          -
draft_figure
  administrator                      x
stored_figure
  administrator                      x
"""
