#!/bin/sh
# Makes the reader's models, by steps with fixed seeds: sh training/make_models.sh WORK_FOLDER
# Needs torch, reportlab, pypdfium2, pdfminer.six and pdftotext; about two hours on two cores, and a GPU for the encoders
# and the network, which take ten minutes there and days without one. Each training
# saves as it goes; a cut-off `training.reader` goes on from where it was when it is started again.
set -eu
work=$1
mkdir -p "$work"
cd "$(dirname "$0")/.."
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
python -m training.seams --steps 9000 --out "$work/seams.npz"
python -m training.seams --steps 3000 --rate 1.5e-3 --start "$work/seams.npz" --out "$work/seams.npz"
python -m training.ngrams --out "$work/ngrams.npz"
python -m training.topics --seams "$work/seams.npz" --steps 3600 --out "$work/topics.npz"
python -m training.linekinds --steps 2500 --out "$work/lines.npz"
python -m training.pdf --pages 2300 --out "$work/pdf_pages.pkl"
evidence="--seams $work/seams.npz --grams $work/ngrams.npz --topics $work/topics.npz --lines $work/lines.npz"
# shellcheck disable=SC2086  # options, each a word
python -m training.joiner $evidence --pdf "$work/pdf_pages.pkl" --out "$work/joiner.npz"
# shellcheck disable=SC2086
python -m training.pages $evidence --joiner "$work/joiner.npz" --pdf "$work/pdf_pages.pkl" --pages 60000 --out "$work/pages"
python -m training.continuation prepare --out "$work/corpus.npz"
python -m training.continuation learn --corpus "$work/corpus.npz" --characters 1600 --steps 4600 --out "$work/continuation.npz"
python -m training.pack continuation --encoders "$work/continuation.npz"
python -m training.reader --pages "$work/pages" --encoders "$work/continuation.npz" --joiner "$work/joiner.npz" \
    --steps 10000 --out "$work/reader.npz"
# shellcheck disable=SC2086
python -m training.pack reader $evidence --reader "$work/reader.npz"
python -m training.deckpairs --out "$work/decks.npz"
python -m training.pack judgement --decks "$work/decks.npz"
# A second network goes on from the first, on pages cut up by the models so far; both are asked together.
python -m training.pdf --pages 5600 --seed 8 --out "$work/pdf_again.pkl"
python -m training.pages --as-read --pdf "$work/pdf_again.pkl" --pages 10200 --out "$work/as_read"
python -m training.reader --pages "$work/as_read" --encoders "$work/continuation.npz" --joiner "$work/joiner.npz" \
    --start "$work/reader.npz" --rate 3e-4 --pdf-share 0.3 --steps 900 --every 100 --out "$work/again.npz"
# shellcheck disable=SC2086
python -m training.pack reader $evidence --reader "$work/reader.npz" "$work/again.npz"
python -m training.calibrate --out "$work/calibration.npz"
python -m training.pack judgement --decks "$work/decks.npz" --calibration "$work/calibration.npz"
