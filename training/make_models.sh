#!/bin/sh
# All that models/reader.npz is made of, seeds fixed: sh training/make_models.sh WORK_FOLDER
# Needs torch, reportlab, pypdfium2, pdfminer.six and pdftotext; about two hours on two cores.
set -eu
work=$1
mkdir -p "$work"
cd "$(dirname "$0")/.."
python -m training.seams --steps 15000 --out "$work/seams.npz"
python -m training.ngrams --out "$work/ngrams.npz"
python -m training.topics --seams "$work/seams.npz" --steps 5000 --out "$work/topics.npz"
python -m training.pdf --pages 2600 --out "$work/pdf_pages.pkl"
evidence="--seams $work/seams.npz --grams $work/ngrams.npz --topics $work/topics.npz"
# shellcheck disable=SC2086  # options, each a word
python -m training.reader $evidence --pdf "$work/pdf_pages.pkl" --minutes 70 --workers 2 --out "$work/reader.npz"
# shellcheck disable=SC2086
python -m training.pack $evidence --reader "$work/reader.npz" --out models/reader.npz
python -m training.calibrate --pages 500 --out "$work/calibration.npz"
# shellcheck disable=SC2086
python -m training.pack $evidence --reader "$work/reader.npz" --calibration "$work/calibration.npz" --out models/reader.npz
