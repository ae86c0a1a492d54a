<?php
/**
 * Imports a file into a real Moodle and exports it again: php moodle_export.php MOODLE FORMAT FILE TARGET.xml
 *
 * FORMAT is xml, gift or aiken; the target is what Moodle's own export to Moodle XML writes. Prints, as JSON, whether
 * the import went well, and what it said.
 */
define('CLI_SCRIPT', true);
[, $dirroot, $format, $file, $target] = $argv;
$file = realpath($file);
$target = realpath(dirname($target)) . '/' . basename($target);
$_SERVER['argv'] = [$argv[0]];
chdir($dirroot);
require("$dirroot/config.php");
require_once("$CFG->libdir/questionlib.php");
require_once("$CFG->dirroot/question/format.php");
require_once("$CFG->dirroot/question/format/xml/format.php");
require_once("$CFG->dirroot/question/format/$format/format.php");
require_once("$CFG->dirroot/course/lib.php");
require_once("$CFG->dirroot/question/editlib.php");
\core\session\manager::set_user(get_admin());

ob_start();
$name = uniqid('export');
$course = create_course((object) ['fullname' => $name, 'shortname' => $name, 'category' => 1]);
$context = context_course::instance($course->id);
$PAGE->set_context($context);
$PAGE->set_course($course);
$PAGE->set_url('/');
$contexts = (new \core_question\local\bank\question_edit_contexts($context))->having_one_edit_tab_cap('import');
$category = question_make_default_categories([$context]);
$category->context = $context;
$class = "qformat_$format";
$importer = new $class();
$importer->setCategory($category);
$importer->setContexts($contexts);
$importer->setCourse($course);
$importer->setFilename($file);
$importer->setMatchgrades('nearest');
$importer->setCatfromfile(true);
$importer->setContextfromfile(true);
$importer->setStoponerror(false);
$ok = false;
try {
    $ok = $importer->importpreprocess() && $importer->importprocess();
} catch (Throwable $e) {
    echo get_class($e) . ': ' . $e->getMessage();
}
$said = trim(preg_replace('/\s+/', ' ', strip_tags(ob_get_clean())));
ob_start();
$exporter = new qformat_xml();
$exporter->setContexts($contexts);
$exporter->setCourse($course);
$exporter->setCattofile(true);
$exporter->setContexttofile(true);
$top = $DB->get_record('question_categories', ['contextid' => $context->id, 'parent' => 0]);
$top->context = $context;
$exporter->setCategory($top);
$exporter->exportpreprocess();
file_put_contents($target, (string) $exporter->exportprocess());
delete_course($course, false);
ob_end_clean();
echo json_encode(['ok' => $ok, 'said' => mb_substr($said, -2000)], JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR);
